package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"inferenceconnector/connector"
	"inferenceconnector/handler/settings"
)

// A table has the names of its columns in its first row.
type table [][]string

// write writes a table below an empty line, and nothing for one without entries.
func (t table) write(w io.Writer) error {
	if len(t) < 2 {
		return nil
	}
	columns := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(columns)
	for _, row := range t {
		fmt.Fprintln(columns, strings.Join(row, "\t"))
	}
	return columns.Flush()
}

func (a *app) connectionTable() table {
	t := table{{"CONNECTION", "LIMIT", "CALLERS"}}
	for _, c := range a.settings.Connections {
		limit := fmt.Sprintf("%d calls per %.0f s", c.Calls, c.RenewalPeriod.Seconds())
		if c.Bring != nil {
			limit += " with each endpoint and key"
		}
		t = append(t, []string{c.Name, limit, a.callersOf(c)})
	}
	return t
}

// callersOf says who may use a connection.
func (a *app) callersOf(c *connector.Connection) string {
	callers := a.settings.CallerNames[c.Name]
	if a.settings.TrustPlatform && a.settings.Host != settings.Standalone {
		callers = append([]string{"whom the platform lets in"}, callers...)
	}
	switch {
	case c.Bring != nil && c.Open:
		return "anyone who brings an endpoint and its key"
	case c.Open:
		return "anyone on this machine"
	}
	return strings.Join(callers, ", ")
}

// anyName stands for the deployments of a connection that lists none.
const anyName = "(any name)"

func (a *app) deploymentTable() table {
	t := table{{"DEPLOYMENT", "FAMILY", "API-VERSION", "AUTH", "ADDRESS"}}
	for _, c := range a.settings.Connections {
		if len(c.Deployments) == 0 && c.Endpoint != nil {
			t = append(t, a.deploymentRow(c.Name+"/"+anyName, c.Endpoint))
		}
		for _, d := range c.Deployments {
			t = append(t, a.deploymentRow(c.Name+"/"+d.Name, d.Endpoint))
		}
	}
	return t
}

func (a *app) deploymentRow(name string, where connector.Endpoint) []string {
	for _, e := range a.settings.Endpoints {
		if where == connector.Endpoint(e.Endpoint) {
			return []string{name, e.Family(), cmp.Or(e.APIVersion(), "-"), e.Authentication, e.Address()}
		}
	}
	return []string{name}
}

// remarkTable lists the deployments of which the file says more than where they are.
func (a *app) remarkTable() table {
	t := table{{"DEPLOYMENT", "MODEL THERE", "REMARKS"}}
	for _, c := range a.settings.Connections {
		for _, d := range c.Deployments {
			var remarks []string
			if d.Reasoning {
				remarks = append(remarks, "reasoning")
			}
			if len(d.Lacks) > 0 {
				remarks = append(remarks, "lacks "+strings.Join(d.Lacks, ", "))
			}
			if d.Model != d.Name || remarks != nil {
				t = append(t, []string{c.Name + "/" + d.Name, d.Model, cmp.Or(strings.Join(remarks, "; "), "-")})
			}
		}
	}
	return t
}

func (a *app) broughtTable() table {
	t := table{{"BROUGHT TO", "ALLOWED HOSTS"}}
	for _, b := range a.settings.Brought {
		name := b.Connection
		for _, host := range b.AllowHosts {
			t = append(t, []string{name, host})
			name = ""
		}
	}
	return t
}
