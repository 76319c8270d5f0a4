package double

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrStopped says that the host has stopped, as the handler had ended with an error three times.
var ErrStopped = errors.New("the host has stopped: the handler ended with an error three times")

// keeper keeps a process running, as its exit codes say.
type keeper struct {
	spawn func() (*process, error)
	limit time.Duration // for a process to get ready
	every time.Duration // a health ping is sent
	exits chan int      // how processes ended by themselves, for Wait
	done  chan struct{} // closed by stop
	tasks sync.WaitGroup

	mu      sync.Mutex
	current *process
	ready   chan struct{} // closed when current answers, or has ended before
	faults  faults
	ended   []int // exit codes
	halted  bool
	stopped bool
}

// start starts the first process, which must get ready.
func (k *keeper) start(ctx context.Context) error {
	p, err := k.spawn()
	if err != nil {
		return err
	}
	if err := p.await(ctx, k.limit); err != nil {
		return err
	}
	k.current, k.ready = p, make(chan struct{})
	k.exits, k.done = make(chan int, 100), make(chan struct{})
	close(k.ready)
	k.tasks.Go(func() { k.watch(p) })
	k.tasks.Go(k.ping)
	return nil
}

// ping asks for GET / again and again. Whatever comes of it, the host does nothing about it.
func (k *keeper) ping() {
	for ticker := time.NewTicker(k.every); ; {
		select {
		case <-k.done:
			ticker.Stop()
			return
		case <-ticker.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), k.limit)
		if p, err := k.process(ctx); err == nil {
			_ = p.ping(ctx)
		}
		cancel()
	}
}

// watch does what the host does when a process has ended by itself.
func (k *keeper) watch(p *process) {
	<-p.exited
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current != p || k.stopped {
		return // it was killed
	}
	code := p.exitCode()
	k.ended = append(k.ended, code)
	select {
	case k.exits <- code:
	default: // nobody waits for that many
	}
	switch {
	case code == 0: // the host does nothing: all that comes finds nobody
	case code != 200 && k.faults.add(time.Now()) >= faultsToStop:
		k.halted = true
	default:
		k.replace()
	}
}

// replace starts a process in place of the last one. The caller holds the lock.
func (k *keeper) replace() {
	ready := make(chan struct{})
	k.ready = ready
	k.tasks.Go(func() {
		defer close(ready)
		k.mu.Lock()
		if k.stopped {
			k.mu.Unlock()
			return
		}
		p, err := k.spawn()
		if err != nil {
			k.halted = true
			k.mu.Unlock()
			return
		}
		k.current = p
		k.tasks.Go(func() { k.watch(p) })
		k.mu.Unlock()
		_ = p.await(context.Background(), k.limit) // watch sees the end of one that does not get ready
	})
}

// restart kills a process, with all that it is doing, and starts another.
func (k *keeper) restart(p *process) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current != p || k.stopped {
		return
	}
	k.current = nil
	_ = p.kill() // it may have ended by itself
	k.replace()
}

// process waits until one is ready, and returns it: the last one when that was the end.
func (k *keeper) process(ctx context.Context) (*process, error) {
	for {
		k.mu.Lock()
		p, ready, halted := k.current, k.ready, k.halted || k.stopped
		k.mu.Unlock()
		if halted {
			return nil, ErrStopped
		}
		select {
		case <-ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		k.mu.Lock()
		settled := k.ready == ready && k.current == p && !k.halted && p != nil
		k.mu.Unlock()
		if settled {
			return p, nil
		}
	}
}

// stop kills what runs, and returns the exit codes of those that ended before.
func (k *keeper) stop() (ended []int, err error) {
	k.mu.Lock()
	p := k.current
	if !k.stopped {
		close(k.done)
	}
	k.stopped = true
	k.mu.Unlock()
	if p != nil {
		err = p.kill()
	}
	k.tasks.Wait()
	return k.ended, err
}

// The host stops after so many errors, unless so much time lies between two of them.
const (
	faultsToStop = 3
	forgiveness  = 30 * time.Minute
)

// faults counts the ends of processes that are errors.
type faults struct {
	count int
	last  time.Time
}

func (f *faults) add(now time.Time) int {
	if now.Sub(f.last) > forgiveness {
		f.count = 0
	}
	f.count, f.last = f.count+1, now
	return f.count
}
