package connector

import "strings"

// Brought are the parameters of a brought connection, which come with each call and are kept nowhere.
type Brought struct {
	URL  string
	Key  Secret
	Ours bool // Key is a caller's key of this program: it must not leave
}

// BroughtURL is the header in which a caller brings the address of an endpoint; its key is the caller's credential.
const BroughtURL = "x-model-endpoint"

// A Target is where the calls of a connection go, unless a deployment has an endpoint of its own.
type Target struct {
	Endpoint Endpoint
	OneModel bool
	Window   string // whose calls are counted together
}

// target is the connection's own, or the one that a caller brought.
func (c *Connection) target(brought *Brought) (*Target, error) {
	refuse := func(message string) (*Target, error) {
		return nil, &Error{Code: InvalidRequest, Target: BroughtURL, Message: message}
	}
	switch {
	case !c.brings():
		return &Target{c.Endpoint, c.OneModel, c.Name}, nil
	case brought == nil || brought.URL == "":
		return nil, unnamedEndpoint()
	case brought.Key.IsZero():
		return nil, &Error{Code: Unauthenticated, Message: "This needs the key of your model endpoint. Send it in the header api-key, or as Authorization: Bearer."}
	case brought.Ours:
		return nil, &Error{Code: Unauthenticated, Message: "This needs the key of your model endpoint; the one that came is a caller's key of this server, and stays here."}
	case strings.Contains(brought.URL, ","): // as a header that comes twice looks on some hosts
		return refuse("x-model-endpoint must hold one address.")
	}
	target, err := c.Bring(brought.URL, brought.Key)
	if err != nil {
		return refuse("x-model-endpoint: " + err.Error() + ".")
	}
	return target, nil
}

func unnamedEndpoint() error {
	return &Error{Code: InvalidRequest, Target: BroughtURL,
		Message: "Name your model endpoint in the header x-model-endpoint, for example https://NAME.services.ai.azure.com/models, with its key in api-key."}
}
