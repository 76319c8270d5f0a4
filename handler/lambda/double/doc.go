// Package double stands in for AWS Lambda in tests: it runs the real program in an environment of its own and
// speaks to it as the platform does.
//
//	*http.Request --> HTTPAPI, FunctionURL --> event --+
//	                                                   +--> Function --(Runtime API)--> bootstrap
//	any JSON -----------------------> Invoke, Stream --+                                   |
//	payload, FunctionError, *http.Response <-----------------------------------------------+
//
// It knows the Runtime API, the events and answers of format 2.0 with what the platform changes in them, and
// the platform's limits (contract/aws-lambda.md). An environment whose process has ended stays ended, where
// the platform would start another. Another kind of front makes its own event and calls Invoke or Stream. It
// must never hear of connections, actions or model endpoints.
package double
