package main

import (
	"inferenceconnector/handler/console"
	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

// consoleOn is where the console is served. Packaging --with-console says "every host".
var consoleOn = string(settings.Standalone)

// newConsole returns the console if it is served on this host, and in this program.
func newConsole(host settings.Host, actions []*schema.Action) (*console.Handler, error) {
	if consoleOn != "every host" && consoleOn != string(host) {
		return nil, nil
	}
	return console.New(actions)
}
