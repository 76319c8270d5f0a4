package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/emulator"
	"inferenceconnector/handler/rest"
)

const (
	keyG    = "gggggggggggggggggggggggggggggggg"
	brings  = "x-model-endpoint: https://model.example.com"
	itsKey  = "api-key: the-endpoint's-own-key"
	unkeyed = "Accept: */*"
)

// serveBrought serves the connections a and b of callers, and two to which endpoints are brought: one is open,
// the other is guarded by keyG. Whatever is brought is model; forwarded counts the keys that reach it.
func serveBrought(t testing.TB, model http.Handler, forwarded map[string]int, changes ...change) *surface {
	t.Helper()
	own := func(name string) *connector.Connection {
		return &connector.Connection{Name: name, Calls: 1000, RenewalPeriod: time.Minute, Endpoint: to(t, model), OneModel: true}
	}
	brought := func(name string, open bool) *connector.Connection {
		c := own(name)
		c.Open, c.Endpoint = open, nil
		endpoint := to(t, model)
		c.Bring = func(_ string, key connector.Secret) (*connector.Target, error) {
			forwarded[key.Reveal()]++
			return &connector.Target{Endpoint: endpoint, OneModel: true, Window: name}, nil
		}
		return c
	}
	list := &callers.List{}
	list.AddKey(connector.NewSecret(keyA), "a", "alice")
	list.AddKey(connector.NewSecret(keyB), "b", "bob")
	list.AddKey(connector.NewSecret(keyG), "guarded", "guest")
	connections := []*connector.Connection{own("a"), own("b"), brought("open", true), brought("guarded", false)}
	return serve(t, connections, append(changes, func(c *rest.Config) { c.Callers = list })...)
}

func TestBrought(t *testing.T) {
	forwarded := map[string]int{}
	s := serveBrought(t, emulator.Handler(emulator.Config{}), forwarded)
	const endpoints = "the-endpoint's-own-key"
	for name, test := range map[string]struct {
		path    string
		header  []string
		status  int
		forward string // the key that goes to what is brought
	}{
		"open":                             {"/connections/open", []string{brings, itsKey}, 200, endpoints},
		"open, from any host":              {"/connections/open", []string{brings, itsKey, "Host: rebound.example"}, 200, endpoints},
		"open, bare":                       {"", []string{brings, itsKey}, 200, endpoints},
		"open, as a bearer":                {"", []string{brings, "Authorization: Bearer " + endpoints}, 200, endpoints},
		"open, no endpoint":                {"/connections/open", []string{itsKey}, 400, ""},
		"open, no key":                     {"/connections/open", []string{brings}, 401, ""},
		"open, a caller's key":             {"/connections/open", []string{brings, "api-key: " + keyA}, 401, ""},
		"open, a guest's key":              {"/connections/open", []string{brings, "api-key: " + keyG}, 401, ""},
		"a caller's own connection":        {"", []string{brings, "api-key: " + keyA}, 200, ""},
		"a caller's own connection, named": {"/connections/a", []string{brings, "api-key: " + keyA}, 200, ""},
		"another key beside a caller's":    {"/connections/open", []string{brings, itsKey, "Authorization: Bearer " + keyA}, 200, endpoints},
		"guarded":                          {"/connections/guarded", []string{brings, itsKey, "x-connector-key: " + keyG}, 200, endpoints},
		"guarded, bare":                    {"", []string{brings, itsKey, "x-connector-key: " + keyG}, 200, endpoints},
		"guarded, no endpoint":             {"/connections/guarded", []string{itsKey, "x-connector-key: " + keyG}, 401, ""},
		"guarded, another's key":           {"/connections/guarded", []string{brings, itsKey, "x-connector-key: " + keyA}, 404, ""},
		"guarded, key where it is not":     {"/connections/guarded", []string{brings, "api-key: " + keyG}, 404, ""},
		"no key at all":                    {"", []string{unkeyed}, 401, ""},
	} {
		t.Run(name, func(t *testing.T) {
			clear(forwarded)
			got := s.post(t, test.path+chat, hi, test.header...)
			equal(t, "status of "+got.body, got.StatusCode, test.status)
			want := map[string]int{}
			if test.forward != "" {
				want[test.forward] = 1
			}
			equal(t, "forwarded keys", fmt.Sprint(forwarded), fmt.Sprint(want))
		})
	}
}

// What one may not use looks like what is not there (S10), in every form and with whatever credential.
func TestNotAllowedLooksLikeNotThereInEveryForm(t *testing.T) {
	s := serveBrought(t, untouched(t), map[string]int{})
	for _, path := range []string{chat, "/v1/chat/completions", "/openai/deployments/m/chat/completions?api-version=2024-10-21"} {
		for _, header := range [][]string{
			{unkeyed}, {itsKey}, {brings, itsKey}, {brings}, {"api-key: " + keyA}, {brings, "api-key: " + keyA},
			{brings, itsKey, "x-connector-key: " + keyA}, {"x-connector-key: " + keyA}, {brings, "api-key: " + keyG}, {"Host: rebound.example"},
		} {
			nowhere := s.post(t, "/connections/nowhere"+path, "{", header...)
			for _, name := range []string{"b", "guarded"} {
				got := s.post(t, "/connections/"+name+path, "{", header...)
				equal(t, name+path+fmt.Sprint(header), told(got), told(nowhere))
			}
		}
	}
}

// told is what an answer tells, but for its date and id.
func told(r reply) string {
	body, header := unnamed(r), r.Header.Clone()
	for _, name := range []string{"Date", "X-Ms-Request-Id"} {
		header.Del(name)
	}
	return fmt.Sprint(r.StatusCode, headerText(header), body)
}

// unnamed is a body without the id of its request.
func unnamed(r reply) string {
	return strings.Replace(r.body, r.Header.Get("x-ms-request-id"), "", 1)
}

// Where endpoints can only be brought, a call without one is told so, and needs no key of ours.
func TestOnlyBrought(t *testing.T) {
	c := &connector.Connection{Name: "open", Open: true, Calls: 10, RenewalPeriod: time.Minute,
		Bring: func(string, connector.Secret) (*connector.Target, error) { panic("nothing was brought") }}
	s := serve(t, []*connector.Connection{c})
	for _, header := range []string{unkeyed, "Host: rebound.example", itsKey} {
		got := s.post(t, chat, hi, header)
		equal(t, "status", got.StatusCode, http.StatusBadRequest)
		if code := got.code(t); code != "InvalidRequest" {
			t.Errorf("got %s", got.body)
		}
	}
}
