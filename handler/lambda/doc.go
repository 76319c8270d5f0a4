// Package lambda is the AWS Lambda host: its events in, its answers out.
//
//	Function URL, HTTP API --> *http.Request --> rest --> buffered, or streamed as it comes
//	direct invoke          --> envelope --> connector.Invoke --> the action's output, or a Lambda error
//
// It knows the shapes and limits of Lambda (contract/aws-lambda.md) and is the only importer of
// aws-lambda-go. It must never hear of model endpoints or settings files.
package lambda
