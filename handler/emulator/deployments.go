package emulator

import (
	"math"
	"time"
)

// A deployment is a name that decides how a chat call ends.
type deployment struct {
	name, description string
	reply             func(chat) (answer, error)
	silence           time.Duration // before the first byte
	pause             time.Duration // between two events; 0: as configured
	cutAfter          int           // events, after which the connection breaks; 0: never
}

const forever = time.Duration(math.MaxInt64)

var deployments = []deployment{
	{name: "echo", reply: echo,
		description: "Repeats the last user message."},
	{name: "tools", reply: callTool,
		description: "Calls the forced tool, or else the first one, with sample arguments, and quotes the tool's result afterwards."},
	{name: "json", reply: writeJSONText,
		description: "Answers in JSON: a sample of the given schema, or else the last user message in an object."},
	{name: "reasoning", reply: think,
		description: "Thinks first, in reasoning_content or a think element, then repeats the last user message."},
	{name: "slow", reply: echo, silence: 2 * time.Second, pause: 500 * time.Millisecond,
		description: "Repeats the last user message, after two seconds and half a second per event."},
	{name: "truncated", reply: truncated,
		description: "Repeats half of the last user message and ends with finish_reason length."},
	{name: "censored", reply: censored,
		description: "Repeats half of the last user message and ends with finish_reason content_filter."},
	{name: "filtered", reply: refusing(promptFiltered),
		description: "Refuses the prompt with 400, as a content filter does."},
	{name: "unsupported", reply: unsupported,
		description: "Refuses the first optional parameter, or else the first message's role, with 422, or 400 where OpenAI is spoken."},
	{name: "throttled", reply: refusing(overLimit),
		description: "Refuses with 429, for 7 seconds."},
	{name: "unavailable", reply: refusing(outOfService),
		description: "Refuses with 503, for 3 seconds."},
	{name: "hangs", reply: echo, silence: forever,
		description: "Accepts the call and never answers."},
	{name: "breaks", reply: interrupted, cutAfter: 3,
		description: "Cuts the connection after half of the body, or after three events of a stream."},
}

// A Behaviour is a deployment for people: its name and what it does.
type Behaviour struct{ Name, Description string }

// Behaviours returns the deployments in the order of Deployments.
func Behaviours() []Behaviour {
	list := make([]Behaviour, len(deployments))
	for i, d := range deployments {
		list[i] = Behaviour{d.name, d.description}
	}
	return list
}

// Deployments returns the names of the deployments, in a fixed order, "echo" first.
func Deployments() []string {
	names := make([]string, len(deployments))
	for i, d := range deployments {
		names[i] = d.name
	}
	return names
}
