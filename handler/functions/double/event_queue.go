package double

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// betweenTries is what it takes the host to ask the queue again. It does not wait for visibilityTimeout here.
const betweenTries = 20 * time.Millisecond

// Deliver gives a queue's message to its function, until it succeeds or the host gives up. The error tells
// that there is no such function, or no host any more; how the runs went is in the Result.
func (h *Host) Deliver(ctx context.Context, function string, message []byte) (result Result, err error) {
	f, err := h.named(function, "queueTrigger")
	if err != nil {
		return result, err
	}
	id, inserted := newID(), time.Now()
	for try := 1; try <= h.app.file.Extensions.Queues.MaxDequeueCount; try++ {
		if _, err := h.keeper.process(ctx); err != nil {
			return result, err
		}
		e, err := queueEvent(f, message, id, inserted, try)
		if err != nil {
			return result, err
		}
		h.note(f.name)
		result, _ = h.run(ctx, f, newID(), e)
		result.Tries = try
		if !result.Failed || ctx.Err() != nil {
			return result, ctx.Err()
		}
		time.Sleep(betweenTries)
	}
	result.Poisoned = true
	h.enqueue(f.trigger.QueueName+"-poison", message)
	return result, nil
}

func queueEvent(f *function, message []byte, id string, inserted time.Time, try int) (event, error) {
	text := strings.ToValidUTF8(string(message), "\ufffd")
	doubledText, err := doubled(text)
	if err != nil {
		return event{}, err
	}
	meta := newMetadata(f.name)
	meta.set("DequeueCount", strconv.Itoa(try)) // a number's text needs no quotation marks
	meta.set("ExpirationTime", offset(inserted.Add(7*24*time.Hour)))
	meta.set("InsertionTime", offset(inserted))
	meta.set("NextVisibleTime", offset(time.Now().Add(10*time.Minute)))
	for name, value := range map[string]string{"Id": id, "PopReceipt": newID()} {
		if err := meta.setScalar(name, value); err != nil {
			return event{}, err
		}
	}
	err = meta.overwrite(message)
	return event{map[string]any{f.trigger.Name: doubledText}, meta.values}, err
}

// Queue returns the messages that functions put into a queue, and the poison that the host did.
func (h *Host) Queue(name string) [][]byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([][]byte(nil), h.queues[name]...)
}

func (h *Host) enqueue(queue string, messages ...[]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queues[queue] = append(h.queues[queue], messages...)
}
