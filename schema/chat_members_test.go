package schema_test

import (
	"strings"
	"testing"

	"inferenceconnector/schema"
)

// A badBody breaks one rule: at pointer, in these words.
type badBody struct{ body, pointer, sentence string }

func checkBad(t *testing.T, table map[string]badBody) {
	t.Helper()
	chat := action(t, chatID)
	for name, test := range table {
		t.Run(name, func(t *testing.T) {
			violations := chat.CheckBody(parse(t, test.body))
			if len(violations) != 1 {
				t.Fatalf("%s\ngot %d violations %v, want 1", test.body, len(violations), violations)
			}
			if got := violations[0].Pointer(); got != test.pointer {
				t.Errorf("got pointer %s, want %s", got, test.pointer)
			}
			if got := sentence(violations[0]); !strings.Contains(got, test.sentence) {
				t.Errorf("got %q, want %q in it", got, test.sentence)
			}
		})
	}
}

func sentence(v schema.Violation) string { return v.Place() + " " + v.Rule }

func TestMembers(t *testing.T) { checkBad(t, badMembers) }

var badMembers = map[string]badBody{
	"no messages":          {`{}`, "/messages", "messages is missing"},
	"only a name alike":    {`{"Messages":[{"role":"user","content":"Hi"}]}`, "/messages", "messages is missing"},
	"messages null":        {`{"messages":null}`, "/messages", "messages must be a list"},
	"messages a text":      {`{"messages":"Hi"}`, "/messages", "messages must be a list"},
	"messages an object":   {`{"messages":{"role":"user"}}`, "/messages", "messages must be a list"},
	"messages empty":       {`{"messages":[]}`, "/messages", "messages must have at least 1 item"},
	"model a number":       {with(`"model":5`), "/model", "model must be a text"},
	"model empty":          {with(`"model":""`), "/model", "model must have at least 1 character"},
	"model long":           {with(`"model":"` + text(257) + `"`), "/model", "model must have at most 256 characters"},
	"temperature a text":   {with(`"temperature":"0.5"`), "/temperature", "temperature must be a number"},
	"temperature true":     {with(`"temperature":true`), "/temperature", "temperature must be a number"},
	"temperature low":      {with(`"temperature":-0.1`), "/temperature", "temperature must be between 0 and 1"},
	"temperature high":     {with(`"temperature":1.1`), "/temperature", "temperature must be between 0 and 1"},
	"temperature just so":  {with(`"temperature":1.00000000000000000000000000001`), "/temperature", "must be between 0 and 1"},
	"temperature below":    {with(`"temperature":-1e-300`), "/temperature", "must be between 0 and 1"},
	"top_p a list":         {with(`"top_p":[1]`), "/top_p", "top_p must be a number"},
	"top_p low":            {with(`"top_p":-0.000000000000000000001`), "/top_p", "top_p must be between 0 and 1"},
	"top_p high":           {with(`"top_p":2e0`), "/top_p", "top_p must be between 0 and 1"},
	"frequency a text":     {with(`"frequency_penalty":"0"`), "/frequency_penalty", "must be a number"},
	"frequency low":        {with(`"frequency_penalty":-2.01`), "/frequency_penalty", "must be between -2 and 2"},
	"frequency high":       {with(`"frequency_penalty":2.01`), "/frequency_penalty", "must be between -2 and 2"},
	"presence an object":   {with(`"presence_penalty":{}`), "/presence_penalty", "must be a number"},
	"presence low":         {with(`"presence_penalty":-2.01`), "/presence_penalty", "must be between -2 and 2"},
	"presence high":        {with(`"presence_penalty":4.567`), "/presence_penalty", "must be between -2 and 2"},
	"max_tokens a text":    {with(`"max_tokens":"10"`), "/max_tokens", "max_tokens must be a whole number"},
	"max_tokens a part":    {with(`"max_tokens":1.5`), "/max_tokens", "max_tokens must be a whole number"},
	"max_tokens below":     {with(`"max_tokens":-1`), "/max_tokens", "must be between 0 and 2147483647"},
	"max_tokens above":     {with(`"max_tokens":2147483648`), "/max_tokens", "must be between 0 and 2147483647"},
	"max_tokens far above": {with(`"max_tokens":1e300`), "/max_tokens", "must be between 0 and 2147483647"},
	"stop a text":          {with(`"stop":"END"`), "/stop", "stop must be a list"},
	"stop empty":           {with(`"stop":[]`), "/stop", "stop must have at least 1 item"},
	"stop a number in it":  {with(`"stop":["a",1]`), "/stop/1", "stop[1] must be a text"},
	"stop a null in it":    {with(`"stop":[null]`), "/stop/0", "stop[0] must be a text"},
	"stream a text":        {with(`"stream":"true"`), "/stream", "stream must be true or false"},
	"stream a number":      {with(`"stream":1`), "/stream", "stream must be true or false"},
	"seed a text":          {with(`"seed":"1"`), "/seed", "seed must be a whole number"},
	"seed a part":          {with(`"seed":0.5`), "/seed", "seed must be a whole number"},
	"seed above":           {with(`"seed":9223372036854775808`), "/seed", "between -9223372036854775808 and 9223372036854775807"},
	"seed below":           {with(`"seed":-9223372036854775809`), "/seed", "between -9223372036854775808 and 9223372036854775807"},
	"seed far above":       {with(`"seed":1e19`), "/seed", "between -9223372036854775808 and"},
	"modalities a text":    {with(`"modalities":"text"`), "/modalities", "modalities must be a list"},
	"modalities unknown":   {with(`"modalities":["text","video"]`), "/modalities/1", "modalities[1] must be one of text, audio"},
	"modalities a number":  {with(`"modalities":[1]`), "/modalities/0", "modalities[0] must be a text"},
	"context a text":       {with(`"user_security_context":"me"`), "/user_security_context", "must be an object"},
	"application a number": {context("application_name", `1`), "/user_security_context/application_name", "must be a text"},
	"application long":     {context("application_name", `"`+text(101)+`"`), "/user_security_context/application_name", "at most 100 characters"},
	"user a number":        {context("end_user_id", `1`), "/user_security_context/end_user_id", "must be a text"},
	"user no GUID":         {context("end_user_id", `"me"`), "/user_security_context/end_user_id", "must be a GUID such as 00000000-"},
	"user short":           {context("end_user_id", `"01234567-89ab-cdef-0123-456789abcde"`), "/user_security_context/end_user_id", "must be a GUID"},
	"user long":            {context("end_user_id", `"01234567-89ab-cdef-0123-456789abcdef0"`), "/user_security_context/end_user_id", "must be a GUID"},
	"user in braces":       {context("end_user_id", `"{01234567-89ab-cdef-0123-456789abcdef}"`), "/user_security_context/end_user_id", "must be a GUID"},
	"user and a line feed": {context("end_user_id", `"01234567-89ab-cdef-0123-456789abcdef\n"`), "/user_security_context/end_user_id", "must be a GUID"},
	"user without hyphens": {context("end_user_id", `"0123456789abcdef0123456789abcdef0000"`), "/user_security_context/end_user_id", "must be a GUID"},
	"user not hexadecimal": {context("end_user_id", `"0123456g-89ab-cdef-0123-456789abcdef"`), "/user_security_context/end_user_id", "must be a GUID"},
	"tenant no GUID":       {context("end_user_tenant_id", `""`), "/user_security_context/end_user_tenant_id", "must be a GUID"},
	"tenant a list":        {context("end_user_tenant_id", `[]`), "/user_security_context/end_user_tenant_id", "must be a text"},
	"address short":        {context("source_ip", `"1"`), "/user_security_context/source_ip", "at least 2 characters"},
	"address long":         {context("source_ip", `"`+digits(46)+`"`), "/user_security_context/source_ip", "at most 45 characters"},
	"address a number":     {context("source_ip", `127`), "/user_security_context/source_ip", "must be a text"},
}

// context is a chat body whose user_security_context has one member.
func context(name, value string) string {
	return with(`"user_security_context":{"` + name + `":` + value + `}`)
}

func TestNullIsAbsent(t *testing.T) {
	chat := action(t, chatID)
	for _, p := range chat.Parameters {
		if p.In != schema.Body || p.Required {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			d := parse(t, with(`"`+p.Name+`":null,"other":null`))
			if got := chat.CheckBody(d); got != nil {
				t.Errorf("got %v, want no violation", got)
			}
			if got, want := joined(d), with(`"other":null`); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if _, ok := d.Value(p.Name); ok {
				t.Errorf("%s still has a value", p.Name)
			}
		})
	}
}
