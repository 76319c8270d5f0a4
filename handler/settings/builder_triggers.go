package settings

import (
	"regexp"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/handler/trigger"
	"inferenceconnector/schema"
)

// triggerEntry is what a source of events may run.
type triggerEntry struct {
	Connection         string
	Actions            []string
	Queue, ResultQueue string
	DeliverTo          *deliverTo
}

// deliverTo is where outputs are posted.
type deliverTo struct{ URL connector.Secret }

// triggers makes known what sources of events may run.
func (b *builder) triggers(f file) {
	b.settings.Triggers = map[string]trigger.Trigger{}
	functions, readers := map[string]string{}, f.readers()
	for _, name := range f.triggerOrder {
		at, entry := place{"triggers", name}, f.Triggers[name]
		if entry.Queue != "" {
			b.checkFunctionName(at, name)
			if name != "" && !b.known.rename(at) && !functionName.MatchString(name) {
				b.found.add(at, "must be the name of a function, as it has a queue: letters, digits, underscores and hyphens, beginning with a letter")
			}
			if other, ok := functions[strings.ToLower(name)]; ok {
				b.found.add(at, "is the same name as %s, as letter case is ignored; rename one", other)
			}
			functions[strings.ToLower(name)] = name
		}
		b.checkQueues(at, name, entry, readers)
		for i, action := range entry.Actions {
			here := at.in("actions").item(i)
			if b.knows(here, action) && slices.Contains(entry.Actions[:i], action) {
				b.complain(here, "is listed before; remove it")
			}
		}
		b.checkConnection(at.in("connection"), entry.Connection, f)
		t := trigger.Trigger{Connection: entry.Connection, Actions: entry.Actions, Receiver: b.receiver(at, entry.DeliverTo, entry.Connection)}
		b.settings.Triggers[name] = t
		b.settings.Sources = append(b.settings.Sources, Source{Name: name, Queue: entry.Queue, ResultQueue: entry.ResultQueue, Trigger: t})
	}
}

// readers names the first trigger that reads each queue, by the queue in lower-case letters.
func (f *file) readers() map[string]string {
	readers := map[string]string{}
	for _, name := range f.triggerOrder {
		if queue := strings.ToLower(f.Triggers[name].Queue); queue != "" && readers[queue] == "" {
			readers[queue] = name
		}
	}
	return readers
}

// checkQueues checks which queue is read and which one is written.
func (b *builder) checkQueues(at place, name string, entry triggerEntry, readers map[string]string) {
	if other := readers[strings.ToLower(entry.Queue)]; entry.Queue != "" && other != name {
		b.complain(at.in("queue"), "is the queue of %s, and each would get some of its messages; give each a queue of its own", place{"triggers", other})
	}
	switch result := at.in("resultQueue"); {
	case entry.ResultQueue == "":
	case entry.Queue == "":
		if !b.known.touch(at.in("queue")) {
			b.complain(result, "is of no use without queue; add that, or remove it")
		}
	case strings.EqualFold(entry.ResultQueue, entry.Queue):
		b.complain(result, "is the queue that is read: every result would be a new message; give results a queue of their own")
	case readers[strings.ToLower(entry.ResultQueue)] != "":
		b.complain(result, "is the queue of %s, which would take every result for a message; give results a queue of their own",
			place{"triggers", readers[strings.ToLower(entry.ResultQueue)]})
	}
}

// functionName is what a function of Azure Functions may be called.
var functionName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,127}$`)

// reserved are the function for all other forms, a word of Functions, and the prefix of all routes: where a
// function of that name is invoked, requests of callers arrive as well.
var reserved = []string{"rest", "host", "api"}

// checkFunctionName checks the name of what packaging makes a function of.
func (b *builder) checkFunctionName(at place, name string) {
	isAction := func(a *schema.Action) bool { return strings.EqualFold(a.ID, name) }
	switch {
	case slices.ContainsFunc(b.actions, isAction):
		b.found.add(at, "is the name of an action, whose function is called so; rename it")
	case slices.Contains(reserved, strings.ToLower(name)):
		b.found.add(at, "is a name that function apps need for something else; rename it")
	}
}

// knows reports whether there is an action of that name, and complains when there is not.
func (b *builder) knows(at place, action string) bool {
	var known []string
	for _, a := range b.actions {
		if a.ID == action {
			return true
		}
		known = append(known, a.ID)
	}
	b.complain(at, "must be one of %s", strings.Join(known, ", "))
	return false
}

// checkConnection complains about the name of a connection that events cannot use.
func (b *builder) checkConnection(at place, name string, f file) {
	_, own := f.Connections[name]
	_, brought := f.Byo[name]
	switch {
	case own, b.known.touch(place{"connections", name}):
	case brought:
		b.complain(at, "is a connection whose callers bring endpoint and key, and events bring none; name one of connections")
	case len(f.order) == 0:
		b.complain(at, "needs an entry in connections, as events bring no endpoint")
	default:
		b.complain(at, "must be one of %s", strings.Join(f.order, ", "))
	}
}

// receiver makes where outputs are delivered, by the egress rules of the connection that makes them. It is
// nil for nowhere, and when the address is wrong.
func (b *builder) receiver(at place, to *deliverTo, connection string) trigger.Receiver {
	if to == nil {
		return nil
	}
	egress, known := b.egresses[connection]
	if !known {
		egress = endpoint.Egress{AllowPlainHTTP: true, AllowCIDRs: everywhere}
	}
	rules := place{"connections", connection, "egress"}
	r, err := endpoint.NewReceiver(endpoint.ReceiverConfig{URL: to.URL, Egress: egress, Rules: rules.String(), Roots: b.roots})
	if err != nil {
		b.complainAll(at.in("deliverTo"), err)
		return nil
	}
	b.settings.Receivers = append(b.settings.Receivers, r)
	return r
}
