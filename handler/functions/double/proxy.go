package double

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// proxy streams both ways (enableProxyingHttpRequest).
type proxy struct {
	address   string
	transport *http.Transport
	idle      time.Duration
}

func newProxy(address string, idle time.Duration) *proxy {
	return &proxy{address, &http.Transport{DisableCompression: true}, idle}
}

// relay passes on a request and its reply as they come. A caller that leaves ends both, and so does a time in
// which no byte moves.
func (p *proxy) relay(w http.ResponseWriter, c *call) {
	// Without this, net/http takes away what is left of a body once the reply begins, and the proxy gives up.
	_ = http.NewResponseController(w).EnableFullDuplex()
	ctx, activity := watchActivity(c.Context(), p.idle)
	defer activity.stop()
	forward := httputil.ReverseProxy{
		Rewrite: func(pr *httputil.ProxyRequest) {
			p.rewrite(pr, c)
			pr.Out.Body = activity.reader(pr.Out.Body)
		},
		ModifyResponse: func(reply *http.Response) error {
			activity.note()
			if reply.StatusCode != http.StatusSwitchingProtocols { // whose body is both directions
				reply.Body = activity.reader(reply.Body)
			}
			return nil
		},
		Transport:     retry{p.transport},
		FlushInterval: -1, // at once
		ErrorLog:      log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) {
			if errors.Is(context.Cause(r.Context()), errIdle) {
				w.WriteHeader(http.StatusGatewayTimeout)
				return
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	forward.ServeHTTP(w, c.WithContext(ctx))
}

func (p *proxy) rewrite(pr *httputil.ProxyRequest, c *call) {
	pr.Out.URL, _ = url.Parse("http://" + p.address + c.path) // the path was escaped here
	pr.Out.URL.RawQuery = pr.In.URL.RawQuery
	pr.Out.Host = p.address
	header := pr.Out.Header
	if forwarded := pr.In.Header["Forwarded"]; forwarded != nil {
		header["Forwarded"] = forwarded
	}
	pr.SetXForwarded()
	if !strings.EqualFold(pr.In.Header.Get("Upgrade"), "websocket") { // no other change of protocol is passed on
		header.Del("Connection")
		header.Del("Upgrade")
	}
	header.Del("Te")
	header.Set(invocationHeader, c.id)
	header.Set(versionHeader, Version)
	header.Set(correlationHeader, c.id)
	joinValues(header)
}
