package double

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// integration is the content type of an answer whose head comes first.
const integration = "application/vnd.awslambda.http-integration-response"

// preludeEnd parts the head of a streamed answer from its body.
var preludeEnd = make([]byte, 8)

// maxPrelude bounds the head of a streamed answer, in bytes.
const maxPrelude = 64 << 10

// newStreamedReply makes the response of a stream, whose body arrives as the function writes it. A stream
// of another content type has no head: all of it is the body.
func newStreamedReply(r *http.Request, s *Stream) (*http.Response, error) {
	if s.ContentType != integration {
		return respond(r, http.StatusOK, http.Header{"Content-Type": {s.ContentType}}, s), nil
	}
	body := bufio.NewReader(s)
	head, err := readPrelude(body)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return respond(r, head.StatusCode, head.header(), struct {
		io.Reader
		io.Closer
	}{body, s}), nil
}

func readPrelude(r io.ByteReader) (head answer, err error) {
	var text []byte
	for !bytes.HasSuffix(text, preludeEnd) {
		b, err := r.ReadByte()
		if err != nil {
			return head, err
		}
		if text = append(text, b); len(text) > maxPrelude {
			return head, errors.New("the stream does not begin with a head")
		}
	}
	err = json.Unmarshal(bytes.TrimSuffix(text, preludeEnd), &head)
	return head, err
}
