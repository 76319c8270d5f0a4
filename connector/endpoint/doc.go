// Package endpoint is the way out: it forwards prepared requests to model endpoints and reads their replies.
//
//	Request --> family: URL, key header, api-version, model --> Transport --> guard: may this address be dialled?
//	Response <-- reply: whole, checked JSON   <--+
//	         <-- events: one at a time, checked <+
//	output --> Receiver: posted to an address of the operator's, again where that helps
//
// It knows the families of endpoints, credentials, addresses, time budgets and event streams. It must never
// hear of callers, limits, inbound requests or the environment.
package endpoint
