package functions

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"inferenceconnector/handler/schedule"
)

// Check refuses combinations in which a caller could be taken for the platform (contract/reliability.md
// section 7), and those that could only fail later. The error joins all that is wrong.
func (a App) Check(c Config) error {
	var problems []error
	for _, f := range a.Functions {
		problems = append(problems, a.checkReach(f, c.Trusted), a.checkOutputs(f), f.checkEntry(c))
	}
	for _, s := range c.Book.Schedules {
		known := func(f Function) bool { return f.Name == s.Name && f.isTimer() }
		if !slices.ContainsFunc(a.Functions, known) {
			problems = append(problems, fmt.Errorf("schedules.%s has no function that fires it; make the package again with this connections file", s.Name))
		}
	}
	return errors.Join(problems...)
}

// checkReach keeps callers away from what only the platform may do.
func (a App) checkReach(f Function, trusted bool) error {
	var problems []error
	if f.isHTTP() && trusted && f.AuthLevel == "anonymous" {
		problems = append(problems, fmt.Errorf("function %s is anonymous, but auth.trustPlatform relies on the platform's keys; "+
			"set its authLevel to function, or trustPlatform to false", f.Name))
	}
	// Where nothing is forwarded, no path of a caller's comes here. Triggers are safe without relying on that.
	if (!f.isHTTP() || a.Forwards && a.isInvoked(f)) && a.reaches(f.Name) {
		problems = append(problems, fmt.Errorf("an HTTP route could reach /%s, where the host delivers the %s of that function; "+
			"set extensions.http.routePrefix in host.json to api, or rename the function", f.Name, f.Trigger))
	}
	return errors.Join(problems...)
}

// checkOutputs wants a place for what is answered. The host reads what is returned for $return by rules of
// its own.
func (a App) checkOutputs(f Function) error {
	if !a.isInvoked(f) {
		return nil
	}
	if slices.ContainsFunc(f.Outputs, func(o Output) bool { return o.Name == "$return" }) {
		return fmt.Errorf("function %s has an output named $return; name it res, or result", f.Name)
	}
	if f.isHTTP() && f.httpOutput() == "" {
		return fmt.Errorf(`function %s has no output for its answers; add {"type":"http","direction":"out","name":"res"} to its bindings`, f.Name)
	}
	return nil
}

// checkEntry wants that the connections file says what a function runs, and when.
func (f Function) checkEntry(c Config) error {
	if f.isHTTP() {
		return nil
	}
	if !f.isTimer() {
		if _, known := c.Runner.Triggers[f.Name]; !known {
			return fmt.Errorf("function %s has a %s, but triggers of the connections file does not say what it may run; add triggers.%[1]s, or remove the function", f.Name, f.Trigger)
		}
		return nil
	}
	s := c.Book.Find(f.Name)
	if s == nil {
		return fmt.Errorf("function %s is a timer, but schedules of the connections file has none of that name; add schedules.%[1]s, or remove the function", f.Name)
	}
	// A firing at another time than planned is taken for a late one, and never made up.
	if fires, err := schedule.Parse(f.Schedule, ""); err != nil || fires.NCRONTAB() != s.NCRONTAB() {
		return fmt.Errorf("function %s fires at %q, but schedules.%[1]s at %[3]q; make the package again with this connections file", f.Name, f.Schedule, s.NCRONTAB())
	}
	return nil
}

// reaches reports whether an HTTP route of another function can match the path at which the host calls one.
func (a App) reaches(name string) bool {
	for _, f := range a.Functions {
		if f.isHTTP() && f.Name != name && matches(a.Prefix+"/"+strings.TrimLeft(f.Route, "~/"), name) {
			return true
		}
	}
	return false
}

// matches reports whether a route template can match a path of one segment. What stands in braces may match
// anything, and nothing.
func matches(template, name string) bool {
	for i, segment := range strings.Split(strings.Trim(template, "/"), "/") {
		if literal := !strings.ContainsAny(segment, "{}"); literal && (i > 0 || !strings.EqualFold(segment, name)) {
			return false
		}
	}
	return true
}
