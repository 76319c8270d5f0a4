// Package double stands in for the Azure Functions host in tests.
//
//	package.zip --Unpack--> folder --Read--> App --Start--> Host: the handler as a process of its own
//	caller --HTTP--> Host --(route, key)--+-- proxied: streams, on hosts that know enableProxyingHttpRequest
//	                                      +-- forwarded: whole messages, on older ones
//	Tick, Deliver --> Host ---------------+-- invocation JSON: timers, queues, and HTTP where host.json asks
//	                                          for neither of the two; outputs --> Queue
//
// It knows what contract/azure-functions-custom-handler.md says of that host: its files, the life of the
// handler, what it does to requests on their way, how it writes invocations and how strictly it reads their
// answers. Where the contract is silent it follows the host's sources: functions are tried in the order of
// their names, the server normalizes paths before it routes, the client joins the values of a repeated header,
// a proxied request without a body is sent again also when the connection broke, a body is read by its
// byte-order mark, and invocations wait while a process is replaced.
//
// It does not know: bindings other than HTTP, timer and queue, $return, dataType, retry policies and
// customHandler.http, all of which Read refuses; app settings that override host.json; the limits of
// extensions.http and of queries; when a timer is due; visibilityTimeout; the charset that the server may add
// to a type. Only tests import it, and it must never hear of the product.
package double
