package main_test

const (
	tiny   = "The case's endpoint answers no more than the case is about."
	asItIs = "The case shows that an endpoint's reply is relayed as it is, whatever else is in it."
)

// definedWaivers let answers break the definition, whose breaches are named by status.
var definedWaivers = []waiver{
	{ours, breach{"422", "/detail/0", "additionalProperties 'input' not allowed"}, "A caller's value has any type, which swagger 2.0 cannot say."},
	{relayed, breach{"422", "/detail/0", "additionalProperties 'input' not allowed"}, "As with our own."},
	{relayed, breach{"200", "/data/0/embedding", "type"}, "Asked for in base64, which the designer does not offer, an embedding is a text."},
	{relayed, breach{"400", "/error", "additionalProperties 'inner_error' not allowed"}, "Another spelling of innererror, relayed as it is."},
	{relayed, breach{"400", "/error", "additionalProperties 'x' not allowed"}, asItIs},
	{relayed, breach{"400", "", "additionalProperties 'more' not allowed"}, asItIs},
	{relayed, breach{"200", "/usage", "missing properties: 'total_tokens'"}, asItIs},
	{relayed, breach{"200", "/usage", "additionalProperties 'x' not allowed"}, asItIs},
	{relayed, breach{"200", "", "additionalProperties 'zz' not allowed"}, asItIs},
	{relayed, breach{"200", "/usage", "type"}, asItIs},
	{relayed, breach{"200", "", "missing properties: 'id', 'created', 'model', 'choices'"}, tiny},
	{relayed, breach{"200", "", "missing properties: 'created', 'model', 'choices', 'usage'"}, tiny},
}
