package double

import (
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// proxy streams both ways (enableProxyingHttpRequest).
type proxy struct {
	address   string
	transport *http.Transport
}

func newProxy(address string) *proxy {
	return &proxy{address, &http.Transport{DisableCompression: true}}
}

// relay passes on a request and its reply as they come. A caller that leaves ends both.
func (p *proxy) relay(w http.ResponseWriter, r *http.Request, path, invocation string) {
	// Without this, net/http takes away what is left of a body once the reply begins, and the proxy gives up.
	_ = http.NewResponseController(w).EnableFullDuplex()
	forward := httputil.ReverseProxy{
		Rewrite:       func(pr *httputil.ProxyRequest) { p.rewrite(pr, path, invocation) },
		Transport:     p.transport,
		FlushInterval: -1, // at once
		ErrorLog:      log.New(io.Discard, "", 0),
		ErrorHandler:  func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	forward.ServeHTTP(w, r)
}

func (p *proxy) rewrite(pr *httputil.ProxyRequest, path, invocation string) {
	target := "http://" + p.address + path
	pr.Out.URL, _ = url.Parse(target) // the path was escaped here
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
	header.Set(invocationHeader, invocation)
	header.Set(versionHeader, Version)
	header.Set(correlationHeader, invocation)
	joinValues(header)
}
