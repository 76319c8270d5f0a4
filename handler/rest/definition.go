package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// documents are the files that designers import, by their paths below /connector.
var documents = map[string]struct {
	target schema.Target
	render func(schema.Definition, []*schema.Action) []byte
}{
	"power-platform/apiDefinition.swagger.json": {schema.PowerPlatform, schema.Definition.Swagger},
	"power-platform/apiProperties.json":         {schema.PowerPlatform, properties},
	"logic-apps/apiDefinition.swagger.json":     {schema.LogicApps, schema.Definition.Swagger},
}

func properties(d schema.Definition, _ []*schema.Action) []byte { return d.Properties() }

// document returns the key of the document at a path below a connection, "" for none.
func document(segments []string) string {
	if len(segments) == 0 || segments[0] != "connector" {
		return ""
	}
	name := strings.Join(segments[1:], "/")
	if _, ok := documents[name]; !ok {
		return ""
	}
	return name
}

// A rendering is one way in which a document is served.
type rendering struct {
	document string
	named    bool // below the name of a connection, for which anyName stands
	brought  bool
}

// anyName stands for the name of a connection in an address, as it is escaped there.
const anyName = "%7Bconnection%7D"

// definitions are the renderings asked for so far. A document is the same for every name of a connection, whether
// there is one of that name or not: nobody learns from it which there are (S10).
type definitions struct {
	mu    sync.Mutex
	texts map[rendering][]byte
}

func (c *call) serveDocument(found route) error {
	public := c.handler.PublicURL
	if public == nil {
		return &connector.Error{Code: connector.NotFound, Message: "The definition is not served, as this app does not know its own address. " +
			"Set CONNECTOR_PUBLIC_URL, or write it with handler definition."}
	}
	text := c.handler.document(rendering{
		document: found.document,
		named:    found.connection != "",
		brought:  c.handler.Connector.OpenToTheWorld(found.connection, false),
	})
	text = bytes.ReplaceAll(text, []byte(anyName), []byte(url.PathEscape(found.connection)))
	sum := sha256.Sum256(text)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.w.Header().Set("ETag", tag)
	c.w.Header().Set("Cache-Control", "no-cache") // ask again, and get 304
	if strings.Contains(c.r.Header.Get("If-None-Match"), tag) {
		c.status = http.StatusNotModified
		c.w.WriteHeader(c.status)
		return nil
	}
	c.writeHead(http.StatusOK, "", 0, int64(len(text)))
	c.write(text)
	return nil
}

// document renders a document when it is first asked for.
func (h *Handler) document(r rendering) []byte {
	h.definitions.mu.Lock()
	defer h.definitions.mu.Unlock()
	if text, ok := h.definitions.texts[r]; ok {
		return text
	}
	of := documents[r.document]
	address := h.PublicURL
	if r.named {
		address = address.JoinPath("connections", "{connection}")
	}
	text := of.render(schema.Definition{Target: of.target, URL: address, Platform: h.PlatformKeys && !r.brought, Brought: r.brought}, h.Actions)
	if h.definitions.texts == nil {
		h.definitions.texts = map[rendering][]byte{}
	}
	h.definitions.texts[r] = text
	return text
}
