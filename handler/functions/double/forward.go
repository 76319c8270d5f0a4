package double

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// forward sends a whole message on (enableForwardingHttpRequest), and answers with what the handler answered,
// once all of it is there.
func (h *Host) forward(w http.ResponseWriter, p *process, c *call) {
	if len(c.TransferEncoding) > 0 { // the header is copied, the body is not, and the client refuses to send that
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	var reply *http.Response
	var body []byte
	err := h.within(context.WithoutCancel(c.Context()), p, func(ctx context.Context) (err error) {
		if reply, err = h.client.RoundTrip(h.forwarded(ctx, c)); err != nil {
			return err
		}
		defer reply.Body.Close()
		body, err = io.ReadAll(reply.Body)
		return err
	})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	copyReply(w, reply)
	_, _ = w.Write(body) // a caller that left does not matter
}

// forwarded makes the request that the handler gets. It outlives a caller that leaves.
func (h *Host) forwarded(ctx context.Context, c *call) *http.Request {
	out := c.Clone(ctx)
	out.URL, _ = url.Parse("http://" + h.address + c.path + rebuilt(c.URL.RawQuery)) // both parts were escaped here
	out.RequestURI, out.Close = "", false
	if c.ContentLength <= 0 {
		out.Body, out.ContentLength = nil, 0
	}
	for name := range out.Header {
		if isContentHeader(name) && (name != "Content-Type" || c.ContentLength <= 0) {
			out.Header.Del(name)
		}
	}
	out.Header.Add(invocationHeader, c.id)
	out.Header.Add(versionHeader, Version)
	out.Header.Set("User-Agent", strings.TrimSpace(c.UserAgent()+" "+userAgent))
	joinValues(out.Header)
	return out
}
