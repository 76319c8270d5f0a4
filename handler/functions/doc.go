// Package functions is the Azure Functions host: a custom handler behind the Functions runtime.
//
//	caller --> Functions host --+-- proxied or forwarded, /api in front --> Handler --> rest
//	timer, queue, caller -------+-- POST /<function>, invocation JSON ----> Handler --> schedule, trigger, rest
//	host.json, */function.json --> App: the bindings, checked for combinations that are not safe
//
// It knows the files and the habits of that host (contract/azure-functions-custom-handler.md). It must never
// hear of model endpoints; actions and connections are names to it, for the log.
package functions
