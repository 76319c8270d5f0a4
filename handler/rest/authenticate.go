package rest

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"inferenceconnector/connector"
)

// Names under which people put keys into a URL, where logs and histories keep them.
var keyNames = []string{"api-key", "api_key", "apikey", "key", "subscription-key", "access_token"}

// authenticate finds the caller, and what it brings. A connection without callers takes everyone who addresses
// this machine by a loopback name, which a page of another site cannot do (DNS rebinding). Who brings an endpoint
// brings its key as well, which lets nobody else's page or network in.
func (c *call) authenticate(connection string, query url.Values) (connector.Caller, *connector.Brought, error) {
	for name := range query {
		if slices.Contains(keyNames, strings.ToLower(name)) {
			return connector.Caller{}, nil, unauthenticated("A key in the address is not accepted. Send it in the header api-key, and replace this one: it may have been recorded.")
		}
	}
	caller, known := c.handler.Keys.Identify(c.r.Header)
	brought := c.brought()
	if brought != nil {
		bringing, alsoKnown := c.handler.Keys.IdentifyBringing(c.r.Header)
		caller.Bringing, known = bringing.Grants, known || alsoKnown
	}
	switch bringing := brought != nil; {
	case known:
		return caller, brought, nil
	case isTrusted(c.r):
		return connector.Caller{All: true}, brought, nil
	case !c.handler.Connector.Open(connection, bringing):
		message := "This needs a valid key. Send one key in the header api-key, or as Authorization: Bearer."
		if bringing {
			message = "This needs a valid key. Send it in the header x-connector-key, beside the key of the endpoint that you bring."
		}
		return caller, nil, unauthenticated(message)
	case !isLoopback(c.r.Host) && !c.handler.Connector.OpenToTheWorld(connection, bringing):
		return caller, nil, &connector.Error{Code: connector.InvalidRequest, Target: "Host",
			Message: "Without caller keys this server answers only to localhost, 127.0.0.1 and [::1]. Use one of these names, or configure callers."}
	}
	return caller, brought, nil
}

// brought returns the endpoint that comes with the call, if one does.
func (c *call) brought() *connector.Brought {
	addresses := c.r.Header.Values(connector.BroughtURL)
	if len(addresses) == 0 {
		return nil
	}
	key, ours := c.handler.Keys.Brought(c.r.Header)
	return &connector.Brought{URL: strings.Join(addresses, ", "), Key: key, Ours: ours}
}

func unauthenticated(message string) error {
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
