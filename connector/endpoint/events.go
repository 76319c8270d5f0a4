package endpoint

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

const (
	maxEvent   = 1 << 20 // bytes (R21)
	readBuffer = 8 << 10
)

var errEventTooLong = errors.New("an event is longer than 1 MiB")

// event is one event of a stream; data is valid until the next one is read.
type event struct {
	data    []byte // lines joined by a blank, which JSON does not mind
	isError bool
}

// eventReader splits a stream into events, as the WHATWG specification of server-sent events says, but
// for a lone CR as the end of a line. Comments and fields without a use here are dropped.
type eventReader struct {
	in   *bufio.Reader
	data []byte
	long []byte // a line that did not fit into the buffer
}

func newEventReader(body io.Reader) *eventReader {
	return &eventReader{in: bufio.NewReaderSize(body, readBuffer)}
}

// ready reports whether a whole event is there already.
func (r *eventReader) ready() bool {
	buffered, _ := r.in.Peek(r.in.Buffered())
	return bytes.Contains(buffered, []byte("\n\n")) || bytes.Contains(buffered, []byte("\n\r\n"))
}

// next returns the next event that has data; io.EOF where the body ends before one is complete.
func (r *eventReader) next() (event, error) {
	r.data = r.data[:0]
	has, isError := false, false
	for {
		line, err := r.line()
		if err != nil && (err != io.EOF || len(line) == 0) {
			return event{}, err
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "data":
			if has {
				r.data = append(r.data, ' ')
			}
			has = true
			r.data = append(r.data, value...)
		case "event":
			isError = string(value) == "error"
		case "":
			if len(line) == 0 && has {
				return event{r.data, isError}, nil
			}
		}
		if len(r.data) > maxEvent {
			return event{}, errEventTooLong
		}
		if err == io.EOF && string(r.data) == "[DONE]" {
			return event{r.data, false}, nil // the end is plain, though the blank line behind it is not there
		}
	}
}

// line returns one line without its end. With io.EOF comes what stands before the end of the body.
func (r *eventReader) line() ([]byte, error) {
	r.long = r.long[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		if err == nil && len(r.long) == 0 {
			return bytes.TrimRight(part, "\r\n"), nil
		}
		r.long = append(r.long, part...)
		if len(r.long) > maxEvent {
			return nil, errEventTooLong
		}
		if err != bufio.ErrBufferFull {
			return bytes.TrimRight(r.long, "\r\n"), err
		}
	}
}
