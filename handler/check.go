package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"inferenceconnector/connector"
	"inferenceconnector/handler/settings"
)

func checkFlags(flags *pflag.FlagSet) func(context.Context, []string) error {
	probe := flags.Bool("probe", false, "call each endpoint once, in its family's cheapest way; no model runs")
	where := flags.String("host", string(settings.Standalone), "check as it would start there: standalone, functions or lambda")
	return func(ctx context.Context, _ []string) error {
		host := settings.Host(*where)
		if !slices.Contains([]settings.Host{settings.Standalone, settings.Functions, settings.Lambda}, host) {
			return errors.New("--host must be standalone, functions or lambda")
		}
		return withApp(host, os.Stderr, func(a *app) error { return a.check(ctx, os.Stdout, *probe) })
	}
}

// check writes tables of what the settings say, and with probe what the endpoints say.
func (a *app) check(ctx context.Context, w io.Writer, probe bool) error {
	fmt.Fprintf(w, "The settings are in order (connections: %s).\n", a.settings.Source)
	for _, t := range []table{a.connectionTable(), a.deploymentTable(), a.remarkTable(), a.broughtTable(), a.triggerTable(), a.scheduleTable()} {
		if err := t.write(w); err != nil {
			return err
		}
	}
	if !probe {
		return nil
	}
	answers, sound := a.probeTable(ctx)
	if err := answers.write(w); err != nil {
		return err
	}
	if !sound {
		return errors.New("not every endpoint answered")
	}
	return nil
}

// probeTable tries each endpoint once, however many deployments share it.
func (a *app) probeTable(ctx context.Context) (t table, sound bool) {
	t, sound = table{{"ENDPOINT OF", "ADDRESS", "ANSWER"}}, true
	for _, e := range a.settings.Endpoints {
		verdict, ok := tryOut(ctx, e)
		name := e.Connection
		if e.Deployment != "" {
			name += "/" + e.Deployment
		}
		t = append(t, []string{name, e.Address(), verdict})
		sound = sound && ok
	}
	return t, sound
}

// tryOut probes an endpoint and says what came of it.
func tryOut(ctx context.Context, e settings.Endpoint) (verdict string, ok bool) {
	status, sound, err := e.Probe(ctx)
	switch {
	case err != nil:
		return connector.AsError(err).Error(), false
	case sound && status == http.StatusNotFound:
		return "answers, but not this call (404); if chats fail, correct the path of the address", true
	case sound:
		return fmt.Sprintf("answers (%d)", status), true
	}
	return fmt.Sprintf("refuses (%d); correct the path of the address, or the api-version", status), false
}
