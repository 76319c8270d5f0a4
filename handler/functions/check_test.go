package functions_test

import (
	"strings"
	"testing"

	"inferenceconnector/handler/functions"
	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/trigger"
)

func httpFunction(level, route string) functions.Function {
	return functions.Function{Name: "Rest", Trigger: "httpTrigger", Input: "req", AuthLevel: level, Route: route, PlainHTTP: true,
		Outputs: []functions.Output{{Name: "res", Type: "http"}}}
}

// entries are what the connections file says: the queue function worker, and the schedule morning.
func entries(t *testing.T, trusted bool) functions.Config {
	t.Helper()
	times, err := schedule.Parse("0 0 7 * * 1-5", "Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	return functions.Config{
		Runner:  &trigger.Runner{Triggers: map[string]trigger.Trigger{"worker": {Connection: "default"}}},
		Book:    &schedule.Book{Schedules: []*schedule.Schedule{{Name: "morning", Times: times}}},
		Trusted: trusted,
	}
}

// morning is the function of the schedule.
func morning() functions.Function {
	return functions.Function{Name: "morning", Trigger: "timerTrigger", Input: "timer", AuthLevel: "function", Route: "morning", Schedule: "0 0 7 * * 1-5"}
}

var worker = functions.Function{Name: "worker", Trigger: "queueTrigger", Input: "message", AuthLevel: "function", Route: "worker"}

func wantProblem(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestCheckOfReach(t *testing.T) {
	for name, c := range map[string]struct {
		prefix  string
		http    functions.Function
		trigger functions.Function
		trusted bool
		want    string // "" for nothing
	}{
		"keys, anonymous":                   {prefix: "api", http: httpFunction("anonymous", "{*path}")},
		"platform, function":                {prefix: "api", http: httpFunction("function", "{*path}"), trusted: true},
		"platform, admin":                   {prefix: "api", http: httpFunction("admin", "{*path}"), trusted: true},
		"platform, anonymous":               {prefix: "api", http: httpFunction("anonymous", "{*path}"), trusted: true, want: "function Rest is anonymous"},
		"a trigger below a prefix":          {prefix: "api", http: httpFunction("function", "{*path}"), trigger: worker},
		"no prefix, catch-all":              {http: httpFunction("function", "{*path}"), trigger: worker, want: "could reach /worker"},
		"no prefix, a parameter":            {http: httpFunction("function", "{name}"), trigger: worker, want: "could reach /worker"},
		"no prefix, part of a segment":      {http: httpFunction("function", "w{name}"), trigger: worker, want: "could reach /worker"},
		"no prefix, the name itself":        {http: httpFunction("function", "Worker"), trigger: worker, want: "could reach /worker"},
		"no prefix, a slash before":         {http: httpFunction("function", "/worker"), trigger: worker, want: "could reach /worker"},
		"no prefix, an optional rest":       {http: httpFunction("function", "worker/{id?}"), trigger: worker, want: "could reach /worker"},
		"no prefix, a catch-all behind":     {http: httpFunction("function", "worker/{*rest}"), trigger: worker, want: "could reach /worker"},
		"no prefix, a slash in braces":      {http: httpFunction("function", "{*path:regex(^a/b|worker$)}"), trigger: worker, want: "could reach /worker"},
		"no prefix, below the name":         {http: httpFunction("function", "worker/jobs"), trigger: worker},
		"no prefix, another name":           {http: httpFunction("function", "chat/completions"), trigger: worker},
		"the prefix is the name":            {prefix: "Worker", http: httpFunction("function", "{*path}"), trigger: worker, want: "could reach /worker"},
		"the prefix is the name, deeper":    {prefix: "worker", http: httpFunction("function", "chat"), trigger: worker},
		"the prefix begins with the name":   {prefix: "worker/v1", http: httpFunction("function", "{*path}"), trigger: worker},
		"letter case of the trigger's type": {prefix: "api", http: functions.Function{Name: "Rest", Trigger: "HttpTrigger", AuthLevel: "anonymous", PlainHTTP: true}, trusted: true, want: "anonymous"},
	} {
		t.Run(name, func(t *testing.T) {
			app := functions.App{Prefix: c.prefix, Forwards: true, Functions: []functions.Function{c.http, morning()}}
			if c.trigger.Name != "" {
				app.Functions = append(app.Functions, c.trigger)
			}
			wantProblem(t, app.Check(entries(t, c.trusted)), c.want)
		})
	}
}

// changed returns a function with something else about it.
func changed(f functions.Function, change func(*functions.Function)) functions.Function {
	change(&f)
	return f
}

func TestCheckOfFunctions(t *testing.T) {
	unanswered := changed(httpFunction("function", "{*path}"), func(f *functions.Function) { f.Outputs, f.PlainHTTP = nil, false })
	returning := changed(httpFunction("function", "{*path}"), func(f *functions.Function) { f.Outputs[0].Name = "$return" })
	mixed := changed(httpFunction("function", "{*path}"), func(f *functions.Function) {
		f.Name, f.Route, f.PlainHTTP, f.Outputs = "mixed", "mixed", false, append(f.Outputs, functions.Output{Name: "result", Type: "queue"})
	})
	for name, c := range map[string]struct {
		prefix   string
		told     bool // nothing is forwarded
		function functions.Function
		want     string
	}{
		"a queue of the file":           {function: worker},
		"a topic of the file":           {function: changed(worker, func(f *functions.Function) { f.Trigger = "serviceBusTrigger" })},
		"a queue that nobody knows":     {function: changed(worker, func(f *functions.Function) { f.Name = "Worker" }), want: "function Worker has a queueTrigger, but triggers of the connections file does not say what it may run; add triggers.Worker"},
		"a queue named as the schedule": {function: changed(worker, func(f *functions.Function) { f.Name = "morning" }), want: "add triggers.morning"},
		"a timer that nobody knows":     {function: changed(morning(), func(f *functions.Function) { f.Name = "evening" }), want: "function evening is a timer, but schedules of the connections file has none of that name; add schedules.evening"},
		"a timer named as the queue":    {function: changed(morning(), func(f *functions.Function) { f.Name = "worker" }), want: "add schedules.worker"},
		"a timer, five fields":          {function: changed(morning(), func(f *functions.Function) { f.Schedule = "0  7 * * 1-5" })},
		"a timer of another time":       {function: changed(morning(), func(f *functions.Function) { f.Schedule = "0 0 8 * * 1-5" }), want: `function morning fires at "0 0 8 * * 1-5", but schedules.morning at "0 0 7 * * 1-5"`},
		"a timer of no time":            {function: changed(morning(), func(f *functions.Function) { f.Schedule = "00:30:00" }), want: `function morning fires at "00:30:00"`},
		"returned, forwarded":           {prefix: "api", function: returning},
		"returned, told":                {told: true, function: returning, want: "function Rest has an output named $return"},
		"unanswered":                    {function: unanswered, want: "function Rest has no output for its answers"},
		"own route, told":               {told: true, function: changed(httpFunction("function", "chat"), func(f *functions.Function) { f.Name = "chat" })},
		"told beside forwarded":         {prefix: "api", function: mixed},
		"told, and reached":             {function: mixed, want: "an HTTP route could reach /mixed"},
		"told, and reached by none":     {told: true, function: mixed},
	} {
		t.Run(name, func(t *testing.T) {
			app := functions.App{Prefix: c.prefix, Forwards: !c.told, Functions: []functions.Function{morning(), c.function}}
			if c.function.Name == "mixed" {
				app.Functions = append(app.Functions, httpFunction("function", "mixed"))
			}
			wantProblem(t, app.Check(entries(t, false)), c.want)
		})
	}
}

func TestCheckWantsAFunctionForEverySchedule(t *testing.T) {
	for name, other := range map[string][]functions.Function{
		"none":                 {httpFunction("function", "{*path}")},
		"in other letter case": {changed(morning(), func(f *functions.Function) { f.Name = "Morning" })},
		"not a timer":          {changed(worker, func(f *functions.Function) { f.Name = "morning" })},
	} {
		t.Run(name, func(t *testing.T) {
			app := functions.App{Prefix: "api", Forwards: true, Functions: other}
			wantProblem(t, app.Check(entries(t, false)), "schedules.morning has no function that fires it; make the package again")
		})
	}
}

func TestCheckTellsAllAtOnce(t *testing.T) {
	app := functions.App{Forwards: true, Functions: []functions.Function{
		httpFunction("anonymous", "{*path}"), {Name: "evening", Trigger: "timerTrigger"}, {Name: "other", Trigger: "queueTrigger"},
	}}
	err := app.Check(entries(t, true))
	for _, want := range []string{
		"function Rest is anonymous", "could reach /evening", "could reach /other", "add schedules.evening", "add triggers.other", "schedules.morning has no function",
	} {
		wantProblem(t, err, want)
	}
}
