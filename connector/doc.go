// Package connector is the product without its hosts: an Invocation of an action on a connection is
// validated, completed with defaults, authorized, throttled and forwarded; whatever the model endpoint
// replies is relayed.
//
//	Invocation --> Invoke --> Response or *Error
//	                 |
//	   connection, deployment, schema, defaults --> Endpoint.Prepare --> Throttle.Take --> Attempt
//
// It knows connections, deployments and the one table of errors. It must never hear of Functions, Lambda,
// inbound HTTP or the environment; hosts bring it Invocations, endpoint/ and throttle/ do its errands.
package connector
