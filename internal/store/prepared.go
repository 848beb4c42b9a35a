package store

import (
	"context"
	"database/sql/driver"
	"errors"
)

// maxPrepared bounds the statements that a connection keeps. Those of a scan differ in their number of rows alone, and
// are fewer.
const maxPrepared = 256

// sqliteConn is what database/sql finds in a connection of the driver.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// preparing is a connection that compiles a statement once and keeps it: preparing the statements of a scan anew for each
// transaction would take about as long as running them.
type preparing struct {
	sqliteConn
	statements map[string]driver.Stmt
}

func newPreparing(conn driver.Conn) (driver.Conn, error) {
	full, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver has changed: its connections lack a method"), conn.Close())
	}
	return &preparing{sqliteConn: full, statements: map[string]driver.Stmt{}}, nil
}

// PrepareContext gives the statement that was compiled before, or compiles it.
func (p *preparing) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if stmt, ok := p.statements[query]; ok {
		return stmt, nil
	}
	stmt, err := p.sqliteConn.PrepareContext(ctx, query)
	if err != nil || len(p.statements) >= maxPrepared {
		return stmt, err
	}
	full, ok := stmt.(sqliteStmt)
	if !ok {
		return stmt, nil
	}
	p.statements[query] = kept{full}
	return kept{full}, nil
}

// Close closes the statements, too.
func (p *preparing) Close() error {
	var errs []error
	for _, stmt := range p.statements {
		errs = append(errs, stmt.(kept).sqliteStmt.Close())
	}
	clear(p.statements)
	return errors.Join(append(errs, p.sqliteConn.Close())...)
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// kept is a statement that outlives its use: the connection closes it.
type kept struct{ sqliteStmt }

// Close does nothing.
func (kept) Close() error { return nil }
