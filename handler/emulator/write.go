package emulator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"time"
)

// errCut ends an answer in the middle on purpose.
var errCut = errors.New("emulator: the connection is cut")

// send sends a whole answer, or half of it, when it is time.
func (d deployment) send(w http.ResponseWriter, r *http.Request, whole any) error {
	if err := wait(r.Context(), d.silence); err != nil {
		return err
	}
	if d.cutAfter > 0 {
		return writeHalf(w, whole)
	}
	return writeJSON(w, http.StatusOK, whole)
}

// stream sends an answer piece by piece.
func (c Config) stream(w http.ResponseWriter, r *http.Request, d deployment, chunks iter.Seq[any]) error {
	if err := wait(r.Context(), d.silence); err != nil {
		return err
	}
	return writeEvents(r.Context(), w, d, cmp.Or(d.pause, c.EventDelay, 20*time.Millisecond), chunks)
}

func writeJSON(w http.ResponseWriter, status int, value any) error {
	body, err := announce(w, value)
	if err != nil {
		return err
	}
	w.WriteHeader(status)
	_, err = w.Write(body)
	return err
}

func writeHalf(w http.ResponseWriter, value any) error {
	body, err := announce(w, value)
	if err != nil {
		return err
	}
	if _, err := w.Write(body[:len(body)/2]); err != nil {
		return err
	}
	return errors.Join(http.NewResponseController(w).Flush(), errCut)
}

// announce returns the body whose length it has promised, so that a reader can
// tell a part from the whole.
func announce(w http.ResponseWriter, value any) ([]byte, error) {
	body, err := json.Marshal(value)
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	return body, err
}

// writeEvents sends each chunk as soon as it is due.
func writeEvents(ctx context.Context, w http.ResponseWriter, d deployment, pause time.Duration, chunks iter.Seq[any]) error {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	sent := 0
	for chunk := range chunks {
		data, err := json.Marshal(chunk)
		if err != nil {
			return err
		}
		if err := writeEvent(w, data); err != nil {
			return err
		}
		if sent++; sent == d.cutAfter {
			return errCut
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
	return writeEvent(w, []byte("[DONE]"))
}

func writeEvent(w http.ResponseWriter, data []byte) error {
	for _, part := range [][]byte{[]byte("data: "), data, []byte("\n\n")} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return http.NewResponseController(w).Flush()
}

// wait returns early, with the reason, when the caller has gone.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
