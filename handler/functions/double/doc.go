// Package double stands in for the Azure Functions host in tests.
//
//	package.zip --Unpack--> folder --Read--> App --Start--> Host: the handler as a process of its own
//	caller --HTTP--> Host --(route, key)--+-- proxied: streams, on hosts that know enableProxyingHttpRequest
//	                                      +-- forwarded: whole messages, on older ones
//
// It knows what contract/azure-functions-custom-handler.md says of that host: its files, the life of the
// handler, and what it does to requests on their way. Where the contract is silent it follows the host's
// sources: functions are tried in the order of their names, the server normalizes paths before it routes,
// and the client joins the values of a repeated header. It does not know invocation JSON, restarts, retried
// connects, size limits and time limits. Only tests import it, and it must never hear of the product.
package double
