package endpoint

import (
	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// changes say what in a stream reaches the caller in another way than the endpoint sends it.
type changes struct {
	holdFinish   bool // hold the finish chunk until the token counts are known
	relayUsage   bool // the caller asked for the chunk that brings them
	repeatUsage  bool // the caller asked for a chunk that the family does not send
	openAICaller bool // who knows neither native usage nor native tool calls
}

const streamOptions = "stream_options"

// shape edits the body for the family: the model's name, and the question for usage in a stream.
func (e *Endpoint) shape(r *connector.Request) changes {
	if r.Body == nil {
		return changes{}
	}
	switch {
	case !e.family.modelInBody:
		r.Body.Remove("model")
	case r.Model != "":
		r.Body.Set("model", schema.Quote(r.Model))
	}
	asked, _ := r.Body.Value(streamOptions)
	options, _ := asked.(map[string]any)
	wanted := options["include_usage"] == true
	openAICaller := r.Action.Dialect != schema.Inference
	switch {
	case openAICaller && !e.family.openAI: // such a family tells it unasked, and does not know the question
		r.Body.Remove(streamOptions)
		return changes{repeatUsage: wanted, openAICaller: true}
	case !e.family.openAI:
		return changes{repeatUsage: wanted}
	case openAICaller, !r.Stream:
		return changes{}
	case asked == nil:
		r.Body.Set(streamOptions, `{"include_usage":true}`)
		return changes{holdFinish: true}
	}
	return changes{holdFinish: wanted, relayUsage: wanted}
}
