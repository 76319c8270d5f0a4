package endpoint

import (
	"context"
	"crypto/x509"

	"inferenceconnector/connector"
)

// ReceiverConfig describes where outputs of events are delivered. Only URL is required.
type ReceiverConfig struct {
	URL    connector.Secret // may carry a query with a signature, as workflow triggers do
	Egress Egress
	Roots  *x509.CertPool // nil for the system's
}

// A Receiver is an address that outputs are posted to. It is safe for concurrent use.
type Receiver struct{}

// NewReceiver checks a ReceiverConfig and returns its Receiver. It opens nothing. The error names no part of
// the address.
func NewReceiver(c ReceiverConfig) (*Receiver, error) { return &Receiver{}, nil }

// Deliver posts an output as JSON.
func (r *Receiver) Deliver(ctx context.Context, id string, output []byte) error { return nil }

// Host returns the host and port, for operators.
func (r *Receiver) Host() string { return "" }

// Close closes the connections that no delivery uses.
func (r *Receiver) Close() {}
