package connector

import (
	"errors"
	"strings"
)

// Brought are the parameters of a brought connection, which come with each call and are kept nowhere.
type Brought struct {
	URL string
	Key Secret
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
	switch {
	case c.Bring == nil:
		return &Target{c.Endpoint, c.OneModel, c.Name}, nil
	case brought == nil:
		return nil, &Error{Code: InvalidRequest, Target: BroughtURL,
			Message: "This connection works over HTTP only, where its caller brings endpoint and key with each call."}
	case brought.URL == "":
		return nil, &Error{Code: InvalidRequest, Target: BroughtURL,
			Message: "Name your model endpoint in the header x-model-endpoint, for example https://NAME.services.ai.azure.com/models."}
	}
	if strings.Contains(brought.URL, ",") { // as a header that comes twice looks on some hosts
		return nil, &Error{Code: InvalidRequest, Target: BroughtURL, Message: "x-model-endpoint must hold one address."}
	}
	target, err := c.Bring(brought.URL, brought.Key)
	if err != nil {
		return nil, &Error{Code: InvalidRequest, Target: BroughtURL, Message: "x-model-endpoint: " + err.Error() + ".", Err: errors.Unwrap(err)}
	}
	return target, nil
}
