package rest

import (
	"errors"
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

// authenticate finds the caller, and what it brings. A connection without callers takes everyone who addresses
// this machine by a loopback name, which a page of another site cannot do (DNS rebinding). Who brings an endpoint
// brings its key as well, which lets nobody else's page or network in.
func (c *call) authenticate(connection string, query url.Values) (connector.Caller, *connector.Brought, error) {
	for name := range query {
		if slices.Contains(keyNames, strings.ToLower(name)) {
			return connector.Caller{}, nil, unauthenticated(nil, "A key in the address is not accepted. Send it in the header api-key, and replace this one: it may have been recorded.")
		}
	}
	caller, brought, unknown := c.identify()
	bringing := brought != nil
	switch {
	case unknown == nil:
		return caller, brought, nil
	case isTrusted(c.r):
		return connector.Caller{All: true}, brought, nil
	case c.handler.Connector.Open(connection, bringing): // credentials count for nothing
	case !errors.Is(unknown, callers.ErrUnknown): // tokens cannot be checked, and this one may be good
		return caller, nil, unknown
	default:
		return caller, nil, c.refusal(unknown, bringing)
	}
	if !isLoopback(c.r.Host) && !c.handler.Connector.OpenToTheWorld(connection, bringing) {
		return caller, nil, &connector.Error{Code: connector.InvalidRequest, Target: "Host",
			Message: "Without caller keys this server answers only to localhost, 127.0.0.1 and [::1]. Use one of these names, or configure callers."}
	}
	return caller, brought, nil
}

// identify finds out who calls. The error says why nobody is known.
func (c *call) identify() (caller connector.Caller, brought *connector.Brought, unknown error) {
	ctx, list := c.r.Context(), c.handler.Callers
	caller, unknown = list.Identify(ctx, c.r.Header)
	if brought = c.brought(); brought == nil {
		return caller, nil, unknown
	}
	bringing, alsoUnknown := list.IdentifyBringing(ctx, c.r.Header)
	caller.Bringing = bringing.Grants
	switch {
	case unknown == nil || alsoUnknown == nil:
		unknown = nil
	case errors.Is(unknown, callers.ErrUnknown):
		unknown = alsoUnknown
	}
	return caller, brought, unknown
}

// refusal is the answer to nobody. Why a credential is nobody's is for the log.
func (c *call) refusal(unknown error, bringing bool) error {
	message := "This needs a valid key. Send one key in the header api-key, or as Authorization: Bearer."
	switch {
	case bringing:
		message = "This needs a valid key. Send it in the header x-connector-key, beside the key of the endpoint that you bring."
	case c.handler.Callers.Entra != nil:
		message = "This needs a valid key or token. Send a key in the header api-key, or either as Authorization: Bearer."
	}
	return unauthenticated(unknown, message)
}

// brought returns the endpoint that comes with the call, if one does.
func (c *call) brought() *connector.Brought {
	addresses := c.r.Header.Values(connector.BroughtURL)
	if len(addresses) == 0 {
		return nil
	}
	key, ours := c.handler.Callers.Brought(c.r.Header)
	return &connector.Brought{URL: strings.Join(addresses, ", "), Key: key, Ours: ours}
}

func unauthenticated(cause error, message string) error {
	return &connector.Error{Code: connector.Unauthenticated, Message: message, Err: cause}
}

// challenge is what an answer says to those who are not authenticated.
func (c *call) challenge() string {
	const challenge = `Bearer realm="inference-connector"`
	if callers.SentBearer(c.r.Header) {
		return challenge + `, error="invalid_token"`
	}
	return challenge
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}
