package rest

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
)

// Names under which people put keys into a URL, where logs and histories keep them.
var keyNames = []string{"api-key", "api_key", "apikey", "key", "subscription-key", "access_token"}

// brought returns what the caller brings to a connection that is made for it: one named by the path, or the
// one that a bare route means when it comes with an endpoint's address.
func (c *call) brought(connection string) *connector.Brought {
	addresses := c.r.Header.Values(connector.BroughtURL)
	if !c.handler.Connector.Brings(connection) || connection == "" && len(addresses) == 0 {
		return nil
	}
	return &connector.Brought{URL: strings.Join(addresses, ", "), Key: callers.Brought(c.r.Header)}
}

// authenticate finds the caller. A connection without callers takes everyone who addresses this machine
// by a loopback name, which a page of another site cannot do (DNS rebinding). Who brings an endpoint brings
// its key as well, which lets nobody else's page or network in.
func (c *call) authenticate(connection string, brought *connector.Brought, query url.Values) (connector.Caller, error) {
	for name := range query {
		if slices.Contains(keyNames, strings.ToLower(name)) {
			return connector.Caller{}, c.unauthenticated("A key in the address is not accepted. Send it in the header api-key, and replace this one: it may have been recorded.")
		}
	}
	if brought != nil && brought.Key.IsZero() {
		return connector.Caller{}, c.unauthenticated("This needs the key of your model endpoint. Send it in the header api-key, or as Authorization: Bearer.")
	}
	identify, where := c.handler.Keys.Identify, "api-key, or as Authorization: Bearer"
	if brought != nil {
		identify, where = c.handler.Keys.IdentifyBringing, callers.ConnectorKey
	}
	caller, ok := identify(c.r.Header)
	if ok {
		return caller, nil
	}
	if isTrusted(c.r) {
		return connector.Caller{All: true}, nil
	}
	if !c.handler.Connector.Open(connection, brought != nil) {
		return caller, c.unauthenticated("This needs a valid key. Send one key in the header " + where + ".")
	}
	if brought == nil && !isLoopback(c.r.Host) {
		return caller, &connector.Error{Code: connector.InvalidRequest, Target: "Host",
			Message: "Without caller keys this server answers only to localhost, 127.0.0.1 and [::1]. Use one of these names, or configure callers."}
	}
	return caller, nil
}

func (c *call) unauthenticated(message string) error {
	c.w.Header().Set("WWW-Authenticate", `Bearer realm="inference-connector"`)
	return &connector.Error{Code: connector.Unauthenticated, Message: message}
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}
