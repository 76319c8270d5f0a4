package double

import "context"

// maxAsync is the largest event of an asynchronous invocation, in bytes.
const maxAsync = 1 << 20

// Async invokes a function whose answer nobody waits for. After a failure the platform tries again with the
// same request id and the same event, a minute and then two minutes later, which this double does not wait.
type Async struct {
	Function *Function
	Tries    int // at most; 3 when zero
}

// Invoke returns how often the function was tried, and what the last try came to.
func (a Async) Invoke(ctx context.Context, event []byte) (tries int, err error) {
	if len(event) > maxAsync {
		return 0, ErrTooLarge
	}
	id := newID()
	for tries < orDefault(a.Tries, 3) && (tries == 0 || err != nil) && ctx.Err() == nil {
		_, err = a.Function.invoke(ctx, id, event)
		tries++
	}
	return tries, err
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
