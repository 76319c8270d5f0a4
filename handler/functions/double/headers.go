package double

import (
	"net/http"
	"strings"
)

// What the host adds to a request.
const (
	invocationHeader  = "X-Azure-Functions-Invocationid"
	versionHeader     = "X-Azure-Functions-Hostversion"
	correlationHeader = "X-Ms-Invocation-Id"
	userAgent         = "Azure-Functions-Host/" + Version
)

// joinValues makes one line of a header that came as several: the host's client cannot write it otherwise.
func joinValues(header http.Header) {
	for name, values := range header {
		if len(values) > 1 {
			separator := ", "
			if name == "Cookie" {
				separator = "; "
			}
			header[name] = []string{strings.Join(values, separator)}
		}
	}
}

// isContentHeader reports whether a header belongs to the body and not to the message (System.Net.Http).
func isContentHeader(name string) bool {
	switch name {
	case "Allow", "Expires", "Last-Modified":
		return true
	}
	return strings.HasPrefix(name, "Content-")
}

// copyReply copies the head of a handler's reply, but for what concerns the connection to it.
func copyReply(w http.ResponseWriter, reply *http.Response) {
	for name, values := range reply.Header {
		if name != "Connection" && name != "Keep-Alive" && name != "Transfer-Encoding" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(reply.StatusCode)
}
