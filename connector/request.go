package connector

import "inferenceconnector/schema"

// A Request is a validated and completed call on its way to an endpoint.
type Request struct {
	Action      *schema.Action
	Model       string // the name the endpoint knows, "" when none was needed
	Routed      bool   // Model was chosen as a deployment (listed, in the path, in a header), not only mentioned in the body
	APIVersion  string // the caller's
	PassThrough bool   // Body holds fields that the interface does not define
	Stream      bool
	Correlation Correlation
	Body        *schema.Document // nil for an action without one
	Part        *Part            // counts what the reply takes
	Record      *Record

	reply *chatReply // what the answer becomes, nil for what it is
}

// The parameters that connector itself understands.
const (
	apiVersion          = "api-version"
	extraParameters     = "extra-parameters"
	deploymentHeader    = "azureml-model-deployment"
	meshHeader          = "x-ms-model-mesh-model-name"
	model               = "model"
	messages            = "messages"
	stream              = "stream"
	maxTokens           = "max_tokens"
	maxCompletionTokens = "max_completion_tokens"
	streamOptions       = "stream_options"
	temperature         = "temperature"
)
