// Package services holds the actors of the daemon: what hears the signals, watches the database, serves HTTP and talks
// to systemd.
//
// Each is a supervisor.Service. It is made by its New function, lives in Run, may be run again after a failed run, and
// owns every goroutine that it starts: Run waits for them, at the longest until Handle.Grace ends. What others may ask
// of it meanwhile (a verdict, an address) comes from a snapshot and never waits.
package services
