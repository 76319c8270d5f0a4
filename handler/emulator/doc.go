// Package emulator is an HTTP endpoint that speaks as model endpoints do, with no
// model behind it. The name of a deployment decides how a call ends, so every
// branch of a workflow can be walked offline, the unhappy ones too.
//
//	address ──> family ──> key, api-version ──> modality ──> deployment ──┬─> answer ──> one JSON body
//	          (one table)                      (one table)  (one table)   │        └───> a stream of events
//	                                                                      └─> problem ─> the family's words
//
// It knows the wire contract of model endpoints and nothing else. It must never
// hear of the connector, of connections or of hosts: whoever calls it goes
// through the network stack, as with any other endpoint. Whether a value is in
// range is the caller's business; the emulator reads what it needs.
//
// A deployment says what happens, a family how it is said: where the call
// arrives, which header has the key, what a refusal and a stream look like. Forms
// that were recorded from real endpoints are kept to the letter; the header
// Server tells who wrote them. A new behaviour is a row in the table of
// deployments, a new family a file and a row in the table of families, a new
// modality a row in theirs and one in routes.
package emulator
