package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"text/tabwriter"

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
		a, err := newApp(host)
		if err != nil {
			return err
		}
		err = a.check(ctx, os.Stdout, *probe)
		return errors.Join(err, a.Close())
	}
}

// check writes a table of the connections and their endpoints.
func (a *app) check(ctx context.Context, w io.Writer, probe bool) error {
	fmt.Fprintf(w, "The settings are in order (connections: %s).\n\n", a.settings.Source)
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "CONNECTION\tDEPLOYMENTS\tCALLERS\tLIMIT")
	for _, c := range a.settings.Connections {
		callers := "by key"
		switch {
		case c.Open:
			callers = "anyone on this machine"
		case a.settings.TrustPlatform && a.settings.Host != settings.Standalone:
			callers = "by the platform"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d calls per %.0f s\n", c.Name, deploymentNames(c), callers, c.Calls, c.RenewalPeriod.Seconds())
	}
	fmt.Fprintln(table, "\nENDPOINT OF\tFAMILY\tADDRESS\tAPI-VERSION"+map[bool]string{true: "\tPROBE"}[probe])
	failures := 0
	for _, e := range a.settings.Endpoints {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s", endpointName(e), e.Family(), e.Address(), cmp.Or(e.APIVersion(), "-"))
		if probe {
			verdict, ok := tryOut(ctx, e)
			if !ok {
				failures++
			}
			fmt.Fprintf(table, "\t%s", verdict)
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if failures > 0 {
		return errors.New("not every endpoint answered")
	}
	return nil
}

// tryOut probes an endpoint and says what came of it.
func tryOut(ctx context.Context, e settings.Endpoint) (verdict string, ok bool) {
	status, err := e.Probe(ctx)
	switch {
	case err != nil:
		return connector.AsError(err).Error(), false
	case status == http.StatusOK || status == http.StatusTooManyRequests:
		return fmt.Sprintf("answers (%d)", status), true
	case status == http.StatusNotFound: // some endpoints lack the call that costs nothing
		return "answers, but not this call (404); if chats fail, correct the path of the address", true
	}
	return fmt.Sprintf("refuses (%d); correct the path of the address, or the api-version", status), false
}

func deploymentNames(c *connector.Connection) string {
	if len(c.Deployments) == 0 {
		return "any name"
	}
	names := c.Deployments[0].Name
	for _, d := range c.Deployments[1:] {
		names += ", " + d.Name
	}
	return names
}

func endpointName(e settings.Endpoint) string {
	if e.Deployment == "" {
		return e.Connection
	}
	return e.Connection + "/" + e.Deployment
}
