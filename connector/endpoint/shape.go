package endpoint

import (
	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// usage says how a stream's token counts reach the caller.
type usage struct {
	holdFinish bool // hold the finish chunk until they are known
	relayUsage bool // the caller asked for the chunk that brings them
}

// shape edits the body for the family: the model's name, and the question for usage in a stream.
func (e *Endpoint) shape(r *connector.Request) usage {
	if r.Body == nil {
		return usage{}
	}
	switch {
	case !e.family.modelInBody:
		r.Body.Remove("model")
	case r.Model != "":
		r.Body.Set("model", schema.Quote(r.Model))
	}
	if !r.Stream || !e.family.openAI {
		return usage{}
	}
	asked, given := r.Body.Value("stream_options")
	if !given {
		r.Body.Set("stream_options", `{"include_usage":true}`)
		return usage{holdFinish: true}
	}
	options, _ := asked.(map[string]any)
	wanted := options["include_usage"] == true
	return usage{holdFinish: wanted, relayUsage: wanted}
}
