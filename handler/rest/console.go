package rest

import (
	"encoding/json"
	"net/http"
	"path"

	"inferenceconnector/connector"
)

// A Console is a page for people. Its files are public; what it calls is not.
type Console interface {
	http.Handler
	Has(path string) bool // whether it serves a path
}

const (
	consolePage    = "/console"
	connectionList = consolePage + "/connections" // needs a key
)

// serveConsole answers with a file of the console.
func (h *Handler) serveConsole(w http.ResponseWriter, r *http.Request) bool {
	if h.Console == nil || !h.Console.Has(r.URL.Path) || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	h.Console.ServeHTTP(w, r)
	return true
}

// isConsole reports whether a request is for the console, and for no file of it.
func (h *Handler) isConsole(r *http.Request) bool {
	if h.Console == nil || !h.Console.Has(consolePage) {
		return false
	}
	return path.Clean(r.URL.Path) == connectionList || h.Console.Has(r.URL.Path)
}

// only refuses another method than a route takes.
func (c *call) only(allow string) error {
	c.w.Header().Set("Allow", allow)
	return notAllowed(allow)
}

// listConnections tells the caller what it may use, so that the console can offer it. Nobody learns of more than
// calls would tell (S10).
func (c *call) listConnections() error {
	switch {
	case c.handler.Console.Has(c.r.URL.Path): // the methods it takes are answered already
		return c.only("GET, HEAD")
	case c.r.Method != http.MethodGet:
		return c.only(http.MethodGet)
	}
	query, _ := parseQuery(c.r)
	caller, _, err := c.authenticate("", query)
	if err != nil {
		return err
	}
	type entry struct {
		ID          string `json:"id"`
		DisplayName string `json:"displayName"`
		Brought     bool   `json:"brought,omitempty"` // the endpoint comes with each call
	}
	list := []entry{}
	for _, connection := range c.handler.Connector.Usable(caller) {
		list = append(list, entry{connection.Name, connection.DisplayName, connection.Bring != nil})
	}
	text, err := json.Marshal(map[string]any{"value": list})
	if err != nil {
		return err
	}
	return c.relay(connector.NewResponse(http.StatusOK, text))
}
