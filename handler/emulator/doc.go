// Package emulator is an HTTP endpoint that speaks the Azure AI Model Inference
// API with no model behind it. The name of a deployment decides how a call ends,
// so every branch of a workflow can be walked offline, the unhappy ones too.
//
//	routes ──> key, api-version ──> chat ──> deployment ──┬─> answer ──> one JSON body
//	                                         (one table)  │        └───> a stream of events
//	                                                      └─> failure ─> {"error":{...}}
//
// It knows the wire contract of model endpoints and nothing else. It must never
// hear of the connector, of connections or of hosts: whoever calls it goes
// through the network stack, as with any other endpoint. Whether a parameter is
// known or in range is the caller's business; the emulator reads what it needs.
//
// A new behaviour is a row in the table of deployments. A new shape of address,
// or a new operation, is a row in routes.
package emulator
