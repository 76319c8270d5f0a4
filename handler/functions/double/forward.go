package double

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// forwarder sends whole messages on (enableForwardingHttpRequest).
type forwarder struct {
	address   string
	transport *http.Transport
}

func newForwarder(address string) *forwarder {
	return &forwarder{address, &http.Transport{DisableCompression: true}}
}

// relay answers with what the handler answered, once all of it is there.
func (f *forwarder) relay(w http.ResponseWriter, r *http.Request, path, invocation string) {
	if len(r.TransferEncoding) > 0 { // the header is copied, the body is not, and the client refuses to send that
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	reply, body, err := f.exchange(f.rewrite(r, path, invocation))
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	copyReply(w, reply)
	_, _ = w.Write(body) // a caller that left does not matter
}

// rewrite makes the request that the handler gets. It outlives a caller that leaves.
func (f *forwarder) rewrite(r *http.Request, path, invocation string) *http.Request {
	out := r.Clone(context.WithoutCancel(r.Context()))
	target := "http://" + f.address + path + rebuilt(r.URL.RawQuery)
	out.URL, _ = url.Parse(target) // both parts were escaped here
	out.RequestURI, out.Close = "", false
	if r.ContentLength <= 0 {
		out.Body, out.ContentLength = nil, 0
	}
	for name := range out.Header {
		if isContentHeader(name) && (name != "Content-Type" || r.ContentLength <= 0) {
			out.Header.Del(name)
		}
	}
	out.Header.Add(invocationHeader, invocation)
	out.Header.Add(versionHeader, Version)
	out.Header.Set("User-Agent", strings.TrimSpace(r.UserAgent()+" "+userAgent))
	joinValues(out.Header)
	return out
}

func (f *forwarder) exchange(r *http.Request) (*http.Response, []byte, error) {
	reply, err := f.transport.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	return reply, body, err
}

// rebuilt returns a query as the host writes it again: a name that came twice has its values joined, and
// broken escapes are taken for text.
func rebuilt(query string) string {
	var names []string
	values := map[string]string{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescaped(name), unescaped(value)
		folded := strings.ToLower(name)
		if before, ok := values[folded]; ok {
			values[folded] = before + "," + value
			continue
		}
		names, values[folded] = append(names, name), value
	}
	var b strings.Builder
	for i, name := range names {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(escaped(name) + "=" + escaped(values[strings.ToLower(name)]))
	}
	return b.String()
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
