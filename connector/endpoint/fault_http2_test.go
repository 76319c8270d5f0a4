package endpoint

import (
	"bytes"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// frames is one request over HTTP/2, and what to answer it with.
type frames struct {
	*http2.Framer
	conn   net.Conn
	stream uint32
	over   <-chan struct{}
	kind
}

// talkFrames serves one connection over HTTP/2.
func (f *faulty) talkFrames(in io.Reader, conn net.Conn) {
	if _, err := io.ReadFull(in, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(conn, in)
	if framer.WriteSettings() != nil {
		return
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		if headers, ok := frame.(*http2.HeadersFrame); ok {
			f.requests.Add(1)
			if f.frames(frames{framer, conn, headers.StreamID, f.over, f.kind}) != nil {
				return
			}
		}
	}
}

// head sends the head of an answer, with more headers in pairs.
func (f frames) head(status string, more ...string) error {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	pairs := append([]string{":status", status, "content-type", f.media}, more...)
	for i := 0; i < len(pairs); i += 2 {
		if err := encoder.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]}); err != nil {
			return err
		}
	}
	return f.WriteHeaders(http2.HeadersFrameParam{StreamID: f.stream, BlockFragment: block.Bytes(), EndHeaders: true})
}

// then does one thing after the other.
func then(steps ...func(frames) error) func(frames) error {
	return func(f frames) error {
		for _, step := range steps {
			if err := step(f); err != nil {
				return err
			}
		}
		return nil
	}
}

// flood does a thing again and again, with a pause after each.
func flood(pause time.Duration, step func(frames) error) func(frames) error {
	return func(f frames) error {
		for {
			if err := step(f); err != nil {
				return err
			}
			time.Sleep(pause)
		}
	}
}

func head2(status string, more ...string) func(frames) error {
	return func(f frames) error { return f.head(status, more...) }
}

func data2(text string, last bool) func(frames) error {
	return func(f frames) error { return f.WriteData(f.stream, last, []byte(f.fill(text))) }
}

func raw(text string) func(frames) error {
	return func(f frames) error {
		_, err := io.WriteString(f.conn, f.fill(text))
		return err
	}
}

func reset2(f frames) error { return f.WriteRSTStream(f.stream, http2.ErrCodeInternal) }

func gone(frames) error { return io.EOF }

// floodHead sends a head without an end.
func floodHead(f frames) error {
	const field = "\x00\x01x\x01y" // a header that is not to be remembered
	return then(
		func(f frames) error {
			return f.WriteHeaders(http2.HeadersFrameParam{StreamID: f.stream, BlockFragment: []byte("\x88")})
		},
		flood(0, func(f frames) error { return f.WriteContinuation(f.stream, false, []byte(strings.Repeat(field, 1000))) }),
	)(f)
}
