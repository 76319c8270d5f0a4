// Package double stands in for AWS Lambda in tests: it runs the real program in an environment of its own and
// speaks to it as the platform does.
//
//	*http.Request --> RESTAPI, HTTPAPI, FunctionURL, ALB --> event --+
//	messages, times -> Queue, Rule, Scheduler, Async -----> event --+-> Function --(Runtime API)--> bootstrap
//	any JSON -----------------------------> Invoke, Stream ---------+                                  |
//	payload, FunctionError, *http.Response <-----------------------------------------------------------+
//
// It knows the Runtime API, the events and answers of every front with what the platform changes in them,
// and the platform's limits (contract/aws-lambda.md). There is one environment at a time: it is frozen while
// it has nothing to do, ends without a warning unless the program asked for one, and is followed by another
// when an invocation comes after its end. Invocations wait for it, where the platform would start more.
// Another kind of front makes its own event and calls Invoke or Stream. It must never hear of connections,
// actions or model endpoints.
package double
