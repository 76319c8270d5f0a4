package settings

import (
	"encoding/json"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/handler/schedule"
)

// scheduleEntry is one action at planned times.
type scheduleEntry struct {
	Cron, TimeZone, Action, Connection string
	Input                              json.RawMessage
	DeliverTo                          *deliverTo
}

// schedules makes the schedules, in the order of the file.
func (b *builder) schedules(f file) {
	for _, c := range b.settings.Connections {
		b.standIn(c)
	}
	c := connector.New(b.settings.Connections, nil) // nothing is invoked here
	for _, name := range f.scheduleOrder {
		at, entry := place{"schedules", name}, f.Schedules[name]
		b.checkFunctionName(at, name)
		for _, source := range b.settings.Sources {
			if source.Queue != "" && strings.EqualFold(source.Name, name) {
				b.found.add(at, "is also the name of a trigger with a queue; rename one")
			}
		}
		s := &schedule.Schedule{Name: name, Times: b.times(at, entry), Action: entry.Action, Input: entry.Input}
		if s.Input == nil {
			s.Input = []byte("{}")
		}
		s.Connection = b.connectionOf(at.in("connection"), entry, f)
		s.Receiver = b.receiver(at, entry.DeliverTo, s.Connection)
		if b.knows(at.in("action"), s.Action) && b.sound(s.Connection) {
			b.checkInput(at.in("input"), s, c)
		}
		b.settings.Schedules = append(b.settings.Schedules, s)
	}
}

func (b *builder) times(at place, entry scheduleEntry) schedule.Times {
	zone := entry.TimeZone
	if _, err := schedule.LoadZone(zone); err != nil {
		b.complain(at.in("timeZone"), "%v", err)
		zone = ""
	} else if own, rule := b.settings.Host.timerZone(); own != "" && !b.away && schedule.ZoneName(zone) != schedule.ZoneName(own) {
		b.complain(at.in("timeZone"), "%s", rule)
	}
	times, err := schedule.Parse(entry.Cron, zone)
	if err == nil && b.settings.Host == Lambda {
		_, err = times.EventBridge()
	}
	if err != nil {
		b.complain(at.in("cron"), "%v", err)
	}
	return times
}

// connectionOf returns the connection of a schedule, which need not be named where there is one.
func (b *builder) connectionOf(at place, entry scheduleEntry, f file) string {
	switch {
	case entry.Connection != "":
		b.checkConnection(at, entry.Connection, f)
	case len(f.order) == 1:
		return f.order[0]
	case len(f.order) > 1:
		b.complain(at, "is missing; name one of %s", strings.Join(f.order, ", "))
	case !b.known.touch(place{"connections"}):
		b.complain(at, "needs an entry in connections, as schedules bring no endpoint")
	}
	return entry.Connection
}

// standIn gives a connection that got no endpoint one that takes every call, for what is checked with it. The
// program never starts with it.
func (b *builder) standIn(c *connector.Connection) {
	e, err := endpoint.New(endpoint.Config{URL: "https://stand-in.invalid", Family: "ai-services"})
	if err != nil || c.Bring != nil {
		return
	}
	if c.Endpoint == nil && len(c.Deployments) == 0 {
		c.Endpoint, c.OneModel = e, true
	}
	for _, d := range c.Deployments {
		if d.Endpoint == nil {
			d.Endpoint = e
		}
	}
}

// sound reports whether a connection exists, and has no mistake that its calls would echo.
func (b *builder) sound(connection string) bool {
	if _, exists := b.egresses[connection]; !exists {
		return false
	}
	return !slices.ContainsFunc([]string{"endpoint", "family", "deployments"}, func(part string) bool {
		at := place{"connections", connection, part}
		return b.known.certain().touch(at) || b.found.touch(at)
	})
}

// checkInput checks what a schedule will send, as its author is here now.
func (b *builder) checkInput(at place, s *schedule.Schedule, c *connector.Connector) {
	if b.known.touch(at) {
		return
	}
	call, err := connector.FromInput(b.actions, s.Action, s.Connection, s.Input, nil)
	if err == nil {
		call.NoStream = true
		err = c.Check(call)
	}
	if err == nil {
		return
	}
	e := connector.AsError(err)
	switch {
	case e.Violations != nil:
		for _, v := range e.Violations {
			b.complain(at.in(v.Path...), "%s", v.Rule)
		}
	case e.Code == connector.ExtraParameters:
		for _, d := range e.Details {
			b.complain(at.in(d.Target), "is not a parameter of %s; remove it, or add \"extra-parameters\":\"pass-through\"", s.Action)
		}
	case e.Code == connector.UnknownModel, e.Code == connector.NoModelName:
		if !slices.ContainsFunc(modelNames, func(name string) bool { return b.known.cover(at.in(name)) }) {
			b.complain(at, "%s", b.modelRule(s.Connection))
		}
	case e.Target == "":
		b.complain(at, "is refused: %s", e.Message)
	default:
		b.complain(at.in(e.Target), "%s", clause(e))
	}
}

// modelNames are the parameters that name a model.
var modelNames = []string{"model", "azureml-model-deployment", "x-ms-model-mesh-model-name"}

// modelRule says which models an input may name.
func (b *builder) modelRule(connection string) string {
	var known []string
	for _, c := range b.settings.Connections {
		if c.Name != connection {
			continue
		}
		for _, d := range c.Deployments {
			known = append(known, d.Name)
		}
	}
	if known == nil {
		return "must name a model"
	}
	return "must name a model of the connection: " + strings.Join(known, ", ")
}

// clause makes the rest of a sentence of an error's message, when the sentence begins with the place.
func clause(e *connector.Error) string {
	text := strings.TrimSuffix(strings.TrimPrefix(e.Message, e.Target+" "), ".")
	first, remedy, more := strings.Cut(text, ". ")
	if !more {
		return text
	}
	return first + "; " + strings.ToLower(remedy[:1]) + remedy[1:]
}
