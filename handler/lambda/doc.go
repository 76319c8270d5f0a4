// Package lambda is the AWS Lambda host: its events in, its answers out.
//
//	Function URL, APIs, load balancer --> *http.Request --> rest --> buffered, or streamed as it comes
//	SQS, EventBridge rule             --> trigger.Runner --> the records that are to come again
//	EventBridge schedule              --> schedule.Book
//	direct invoke                     --> trigger.Runner --> the action's output, or a Lambda error
//
// It knows the shapes and limits of Lambda (contract/aws-lambda.md) and is the only importer of
// aws-lambda-go. It must never hear of model endpoints or settings files.
package lambda
