// Package supervisor runs the services of a program in ordered stages and takes them down again in reverse order, under
// one deadline. It knows nothing of what the services do.
//
// # Shape
//
// A [Tree] is one suture supervisor for each stage below one root, so that a stage in trouble never delays another.
// suture restarts what fails; this package adds what suture leaves open: readiness, order, a deadline, and the names of
// those that missed it. suture never sees a [Service] itself but a unit around it, which holds a gate. To stop a
// service is to close its gate: no run begins any more, and the context of the one under way ends. suture's Remove and
// a cancelled parent context, which stop everything at once or wait for ever, are not used.
//
// # Life
//
// [Tree.Start] opens a stage, starts its services and returns once each of them has called [Handle.Ready]. A service
// that ends before its first Ready fails the start and is not restarted. One that ends later is restarted: at once
// after the first failure of a series, then after a pause that doubles from [Backoff.Min] to [Backoff.Max]. The pause
// belongs to the service, so its siblings do not wait for it, and the stop ends it at once. Each restart is one log
// line. An error marked with [Fatal] is reported to [Options.OnFatal] instead.
//
// [Tree.Stop] drains all stages while everything still runs, then takes the stages down, the last one first: gates are
// closed, services waited for, Close called. What does not come back in its share of the time is left behind and named
// in the [Receipt], and the stages below it are closed all the same.
//
// A [Lifecycle] holds the phase of the program, the one cause of its end, and the exit code that follows from both.
// [Teardown] joins the two.
//
// # Waiting
//
// No lock is held while a service or a hook runs. [Tree.Snapshot] and [Lifecycle.Phase] read atomics and wait for
// nothing, so that a health endpoint can call them on each request.
package supervisor
