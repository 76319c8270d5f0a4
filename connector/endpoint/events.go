package endpoint

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"inferenceconnector/connector"
)

const (
	maxEvent   = 1 << 20 // bytes of its data (R21)
	maxLine    = maxEvent + len("data: \r\n")
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

	begun   bool
	part    *connector.Part
	largest int // line or data so far
}

func newEventReader(body io.Reader, part *connector.Part) *eventReader {
	return &eventReader{in: bufio.NewReaderSize(body, readBuffer), part: part}
}

// room counts what a line or data of so many bytes takes: as it is read, as it is put together, and as it is
// passed on. All of that stays with the stream.
func (r *eventReader) room(bytes int) error {
	const copies = 3
	more := bytes - r.largest
	if more <= 0 {
		return nil
	}
	r.largest = bytes
	return r.part.Keep(copies * int64(more))
}

// ready reports whether a whole event is there already.
func (r *eventReader) ready() bool {
	buffered, _ := r.in.Peek(r.in.Buffered())
	for has := false; ; {
		line, rest, whole := bytes.Cut(buffered, []byte("\n"))
		if !whole {
			return false
		}
		if line = bytes.TrimRight(line, "\r"); len(line) == 0 && has {
			return true
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		has = has || string(name) == "data" && len(bytes.TrimSpace(value)) > 0
		buffered = rest
	}
}

// next returns the next event that has data; io.EOF where the body ends before one is complete.
func (r *eventReader) next() (event, error) {
	r.data = r.data[:0]
	has, isError := false, false
	for {
		line, err := r.line()
		if err != nil && err != io.EOF {
			return event{}, err
		}
		if !r.begun {
			r.begun = true
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch string(name) {
		case "data":
			if has {
				r.data = append(r.data, ' ')
			}
			has = true
			r.add(bytes.TrimPrefix(value, []byte(" ")))
		case "event":
			isError = string(bytes.TrimPrefix(value, []byte(" "))) == "error"
		case "":
			if blank := len(line) == 0 && err == nil; blank && len(bytes.TrimSpace(r.data)) > 0 {
				return event{r.data, isError}, nil
			} else if blank {
				r.data, has, isError = r.data[:0], false, false
			}
		}
		full := r.room(len(r.data))
		switch {
		case full != nil:
			return event{}, full
		case len(r.data) > maxEvent:
			return event{}, errEventTooLong
		case err == io.EOF && string(r.data) == "[DONE]":
			return event{r.data, false}, nil // the end is plain, though the blank line behind it is not there
		case err == io.EOF:
			return event{}, err
		}
	}
}

// add appends a line to the data. A CR in it, which JSON does not mind, would end it for some readers.
func (r *eventReader) add(line []byte) {
	if bytes.IndexByte(line, '\r') >= 0 {
		line = bytes.ReplaceAll(line, []byte("\r"), []byte(" "))
	}
	r.data = append(r.data, line...)
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
		if len(r.long) > maxLine {
			return nil, errEventTooLong
		}
		if err := r.room(len(r.long)); err != nil {
			return nil, err
		}
		if err != bufio.ErrBufferFull {
			return bytes.TrimRight(r.long, "\r\n"), err
		}
	}
}
