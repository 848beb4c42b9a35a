package scan

import (
	"context"
	"sync"
)

// queue hands folders to the workers of a walk, the newest first: that keeps it short. A folder that is being looked at
// may add others, so the queue is at its end when it is empty and nobody is at work.
type queue struct {
	mu     sync.Mutex
	more   sync.Cond
	stack  []folderJob
	busy   int
	closed bool
}

// folderJob is a folder to look into.
type folderJob struct {
	path  string
	above *place // nil for a root
	link  bool   // path is a symbolic link
}

func newQueue() *queue {
	q := &queue{}
	q.more.L = &q.mu
	return q
}

func (q *queue) push(jobs ...folderJob) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stack = append(q.stack, jobs...)
	q.more.Broadcast()
}

// next waits for a folder; ok is false when there will be none.
func (q *queue) next() (job folderJob, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.stack) == 0 && !q.closed {
		q.more.Wait()
	}
	if q.closed {
		return folderJob{}, false
	}
	job = q.stack[len(q.stack)-1]
	q.stack[len(q.stack)-1] = folderJob{}
	q.stack = q.stack[:len(q.stack)-1]
	q.busy++
	return job, true
}

// done says that a folder that next gave has been looked into.
func (q *queue) done() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy--; q.busy == 0 && len(q.stack) == 0 {
		q.more.Broadcast()
	}
}

// idle waits until all is looked into; it is false where the queue was closed before.
func (q *queue) idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && (q.busy > 0 || len(q.stack) > 0) {
		q.more.Wait()
	}
	return !q.closed
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Broadcast()
}

// closeWith closes the queue when ctx ends, unless stop is called before.
func (q *queue) closeWith(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, q.close)
}
