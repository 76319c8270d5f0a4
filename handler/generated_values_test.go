package main_test

import (
	"net/http"
	"net/url"
	"strings"

	"inferenceconnector/schema"
)

// A generatedValue is what one parameter of the query or the headers is given.
type generatedValue struct {
	name   string
	values []string
}

// valueCases are wrong values of a parameter of query or headers. A place of its own, it has texts only.
func valueCases(p *schema.Parameter) (cases []generatedValue) {
	add := func(name string, values ...string) { cases = append(cases, generatedValue{name, values}) }
	r := rules(p.Definition)
	if p.Required {
		add("missing")
	}
	if r.values() != nil || r["pattern"] != nil {
		add("not among the known", "no-such-word")
		add("a known one with more behind it", sampleTexts[3]+", error")
	}
	if _, ok := r["minLength"]; ok || r["pattern"] != nil || r.values() != nil {
		add("empty", "")
	}
	if length, ok := r.length("maxLength"); ok {
		add("too long", strings.Repeat("a", length+1))
	}
	add("huge", strings.Repeat("a", 3000))
	add("twice", sampleTexts[3], sampleTexts[3])
	add("with a tab", "a\tb")
	if p.In == schema.Query {
		add("with a zero", "a\x00b")
		add("no UTF-8", "a\xffb")
	}
	return cases
}

// valueRequest is a good request, but for the values of one parameter.
func (s shape) valueRequest(p *schema.Parameter, values []string) *message {
	query := url.Values{}
	for _, other := range s.action.Parameters {
		if other.In == schema.Query && other.Required {
			query.Set(other.Name, schema.Unquote(other.Default))
		}
	}
	if p.In == schema.Query {
		query.Del(p.Name)
		for _, value := range values {
			query.Add(p.Name, value)
		}
	}
	var body []byte
	if s.action.Has(schema.Body) {
		body = []byte(s.walk.object(s.walk.whole(s.action), "", ""))
	}
	m := jsonRequest(s.action.Method, s.path(), query, body)
	if p.In == schema.Header {
		m.header[http.CanonicalHeaderKey(p.Name)] = values
	}
	return m
}
