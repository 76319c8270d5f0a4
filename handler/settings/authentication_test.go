package settings_test

import (
	"os"
	"strings"
	"testing"
)

const (
	directory   = `"tenant":"11111111-2222-3333-4444-555555555555"`
	application = `"type":"ActiveDirectoryOAuth",` + directory + `,"clientId":"66666666-7777-8888-9999-000000000000"`
)

// Every type of authentication that tells who gets tokens, with all that it can have.
func TestIdentitiesAreRead(t *testing.T) {
	token := t.TempDir() + "/token"
	write(t, token, "x")
	for name, test := range map[string]struct{ authentication, want string }{
		"system":      {`"type":"ManagedServiceIdentity"`, "ManagedServiceIdentity"},
		"client id":   {`"type":"ManagedServiceIdentity","identity":"66666666-7777-8888-9999-000000000000"`, "ManagedServiceIdentity"},
		"resource id": {`"type":"ManagedServiceIdentity","identity":"/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"`, "ManagedServiceIdentity"},
		"secret":      {application + `,"secret":"@appsetting('SECRET')"`, "ActiveDirectoryOAuth"},
		"file":        {application + `,"federatedTokenFile":"` + token + `","authority":"https://login.microsoftonline.us"`, "ActiveDirectoryOAuth"},
		"default":     {`"type":"Default","audience":"https://ml.azure.com","hosts":["*.services.ai.azure.com","gateway.example.com:8443"]`, "Default"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustLoad(t, `{"connections":{"a":{"endpoint":"https://team.services.ai.azure.com/models","authentication":{`+test.authentication+`}}}}`, "SECRET="+hush)
			equal(t, "type", s.Endpoints[0].Authentication, test.want)
		})
	}
}

// TestMistakesOfAuthentication has one mistake in each that is otherwise sound.
func TestMistakesOfAuthentication(t *testing.T) {
	const azure = "https://team.services.ai.azure.com/models"
	for name, test := range map[string]struct{ endpoint, authentication, want string }{
		"tenant missing":     {azure, `"type":"ActiveDirectoryOAuth","clientId":"66666666-7777-8888-9999-000000000000","secret":"` + hush + `"`, `authentication.tenant is missing; give the directory's id or domain`},
		"client missing":     {azure, `"type":"ActiveDirectoryOAuth",` + directory + `,"secret":"` + hush + `"`, `authentication.clientId is missing; give the application's id`},
		"tenant wrong":       {azure, `"type":"ActiveDirectoryOAuth","tenant":"` + hush + `","clientId":"66666666-7777-8888-9999-000000000000","secret":"x"`, `authentication.tenant must be the directory's id (a GUID) or its domain, such as contoso.onmicrosoft.com`},
		"secret missing":     {azure, application, `authentication.secret is missing or empty; give secret, certificate or federatedTokenFile`},
		"secret empty":       {azure, application + `,"secret":""`, `authentication.secret is missing or empty; give secret, certificate or federatedTokenFile`},
		"secret gone":        {azure, application + `,"secret":"@appsetting('GONE')"`, `authentication.secret names the setting GONE, which is not in the environment; set it, or correct the name`},
		"secret misspelt":    {azure, application + `,"clientSecret":"` + hush + `"`, `authentication.clientSecret is not a known name here; did you mean secret?`},
		"two proofs":         {azure, application + `,"secret":"` + hush + `","certificate":"` + hush + `"`, `authentication.certificate is given beside secret; keep one of them`},
		"certificate":        {azure, application + `,"certificate":"` + hush + `"`, `authentication.certificate must be PEM text with certificate and key, or a PFX in base64`},
		"file":               {azure, application + `,"federatedTokenFile":"` + hush + `"`, `authentication.federatedTokenFile cannot be read (no such file or directory); name the file in which the platform keeps its token`},
		"authority":          {azure, application + `,"secret":"x","authority":"http://login.example.com"`, `authentication.authority must be https:// and a host with nothing behind it, such as https://login.microsoftonline.us`},
		"identity":           {azure, `"type":"ManagedServiceIdentity","identity":"` + hush + `"`, `authentication.identity must be the client id (a GUID) or resource id (/subscriptions/...) of a user-assigned identity; leave it out for the system's own`},
		"identity empty":     {azure, `"type":"ManagedServiceIdentity","identity":"@appsetting('EMPTY')"`, `authentication.identity names the setting EMPTY, which is empty; give it a value`},
		"field of another":   {azure, `"type":"ManagedServiceIdentity","secret":"` + hush + `"`, `authentication.secret is not a known name here; known here: audience, hosts, identity, type`},
		"value of another":   {azure, `"type":"Default","value":"` + hush + `\n"`, `authentication.value is not a known name here; known here: audience, hosts, type`},
		"key with more":      {azure, `"type":"Key","value":"x","tenant":"` + hush + `"`, `authentication.tenant is not a known name here; known here: type, value`},
		"none with more":     {azure, `"type":"None","value":"` + hush + `"`, `authentication.value is given, though the type None sends no key; remove it, or make the type Key`},
		"hosts no list":      {azure, `"type":"Default","hosts":"*.services.ai.azure.com"`, `authentication.hosts must be a list`},
		"hosts none":         {azure, `"type":"Default","hosts":[]`, `authentication.hosts must have at least 1 item`},
		"hosts wrong":        {azure, `"type":"Default","hosts":["*.services.ai.azure.com","*"]`, `authentication.hosts[1] must be a host name, or *. and a domain of two names or more such as *.services.ai.azure.com, with a port if that is not 443 and nothing else`},
		"another host":       {azure, `"type":"Default","hosts":["gateway.example.com"]`, `endpoint must be at one of authentication.hosts`},
		"audience":           {azure, `"type":"Default","audience":"a b"`, `authentication.audience must be an address or id without blanks, such as https://cognitiveservices.azure.com`},
		"audience missing":   {"https://gateway.example.com/v1", `"type":"Default","hosts":["gateway.example.com"]`, `authentication.audience is missing; say for whom the tokens are, as this endpoint is not known to be Azure's`},
		"GitHub":             {"https://models.github.ai", `"type":"Default"`, `authentication must be of the type Key: GitHub Models takes no tokens of Entra`},
		"plain HTTP":         {"http://team.services.ai.azure.com/models", `"type":"Default"`, `endpoint must begin with https://: tokens of Entra are sent only over TLS`},
		"endpoint and field": {"https://user@team.services.ai.azure.com", `"type":"Default","audience":" "`, "endpoint must not hold a user name or password; a key goes into authentication\nconnections.a.authentication.audience must be an address or id without blanks, such as https://cognitiveservices.azure.com"},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{"connections":{"a":{"endpoint":"`+test.endpoint+`","egress":{"allowPlainHttp":true},"authentication":{`+test.authentication+`}}}}`, "EMPTY=")
			equalList(t, "complaints", got, lines("connections.a."+test.want))
		})
	}
}

// What an endpoint misses of its authentication is told in the order of the file.
func TestComplaintsOfAuthenticationHaveTheirPlace(t *testing.T) {
	got := complaints(t, `{"connections":{"a":{"displayName":7,"endpoint":"https://gateway.example.com/v1",
		"authentication":{"type":"Default","hosts":["gateway.example.com"]},"rateLimit":{"calls":0}}}}`)
	equalList(t, "complaints", got, []string{
		"connections.a.displayName must be a text",
		"connections.a.authentication.audience is missing; say for whom the tokens are, as this endpoint is not known to be Azure's",
		"connections.a.rateLimit.calls must be between 1 and 1000000",
	})
}

// Deployments that describe the same identity share the endpoint; another identity makes another one.
func TestTheSameIdentityIsShared(t *testing.T) {
	const there = `"endpoint":"https://a.openai.azure.com"`
	secret := func(secret string) string {
		return `,"authentication":{` + application + `,"secret":"` + secret + `"}`
	}
	s := mustLoad(t, `{"connections":{"a":{`+there+secret("one")+`,"deployments":{"inherits":{},"repeats":{`+there+secret("one")+`},
		"other":{`+there+secret("two")+`},"managed":{`+there+`,"authentication":{"type":"ManagedServiceIdentity"}},
		"for another":{`+there+`,"authentication":{"type":"ManagedServiceIdentity","audience":"x"}},"older":{"apiVersion":"2024-06-01"}}}}}`)
	c := only(t, s)
	for i, shared := range []bool{true, true, false, false, false, false} {
		d := c.Deployments[i]
		equal(t, d.Name+" shares", d.Endpoint == c.Endpoint, shared)
	}
	var types []string
	for _, e := range s.Endpoints {
		types = append(types, e.Authentication)
	}
	equal(t, "types", strings.Join(types, " "), "ActiveDirectoryOAuth ActiveDirectoryOAuth ManagedServiceIdentity ManagedServiceIdentity ActiveDirectoryOAuth")
}

// Deployments at one endpoint whose authentication differs in one field do not share it, nor its tokens.
func TestAnotherFieldMakesAnotherIdentity(t *testing.T) {
	token := t.TempDir() + "/token"
	write(t, token, "x")
	write(t, token+"2", "x")
	const (
		managed = `"type":"ManagedServiceIdentity"`
		first   = `,"identity":"66666666-7777-8888-9999-000000000000"`
		second  = `,"identity":"66666666-7777-8888-9999-000000000001"`
		secret  = application + `,"secret":"x"`
	)
	for name, test := range map[string]struct{ one, other string }{
		"type":      {managed, `"type":"Default"`},
		"identity":  {managed + first, managed + second},
		"system's":  {managed + first, managed},
		"audience":  {managed, managed + `,"audience":"api://models"`},
		"hosts":     {managed, managed + `,"hosts":["a.openai.azure.com"]`},
		"tenant":    {secret, strings.Replace(secret, "11111111", "11111112", 1)},
		"client":    {secret, strings.Replace(secret, "66666666", "66666667", 1)},
		"secret":    {secret, application + `,"secret":"y"`},
		"authority": {secret, secret + `,"authority":"https://login.microsoftonline.us"`},
		"file":      {application + `,"federatedTokenFile":"` + token + `"`, application + `,"federatedTokenFile":"` + token + `2"`},
	} {
		t.Run(name, func(t *testing.T) {
			const there = `"endpoint":"https://a.openai.azure.com","authentication":`
			s := mustLoad(t, `{"connections":{"a":{"endpoint":"https://b.openai.azure.com","deployments":{
				"one":{`+there+`{`+test.one+`}},"same":{`+there+`{`+test.one+`}},"other":{`+there+`{`+test.other+`}}}}}}`)
			d := only(t, s).Deployments
			equal(t, "same shares", d[1].Endpoint == d[0].Endpoint, true)
			equal(t, "other shares", d[2].Endpoint == d[0].Endpoint, false)
		})
	}
}

// The hosts of each are looked at, though another one is at the same endpoint with hosts that permit it (S6).
func TestHostsOfTheSecondAreChecked(t *testing.T) {
	const there = `"endpoint":"https://a.openai.azure.com","authentication":{"type":"ManagedServiceIdentity"`
	got := complaints(t, `{"connections":{"a":{`+there+`},"deployments":{"narrow":{`+there+`,"hosts":["*.services.ai.azure.com"]}}}}}}`)
	equalList(t, "complaints", got, []string{"connections.a.deployments.narrow.endpoint must be at one of authentication.hosts"})
}

// So are the certificate and the password of each.
func TestCertificateOfTheSecondIsChecked(t *testing.T) {
	pfx, err := os.ReadFile("../../connector/endpoint/testdata/application.pfx.txt")
	if err != nil {
		t.Fatal(err)
	}
	const (
		there    = `"endpoint":"https://a.openai.azure.com","authentication":{` + application
		password = `,"password":"pfx-password-123"`
		good     = `,"certificate":"@appsetting('PFX')"`
		wrong    = "connections.a.deployments.other.authentication.certificate cannot be read: "
	)
	for name, other := range map[string]string{"password": good + `,"password":"another"`, "certificate": `,"certificate":"AAAA"` + password} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{"connections":{"a":{`+there+good+password+`},"deployments":{"other":{`+there+other+`}}}}}}`, "PFX="+string(pfx))
			if len(got) != 1 || !strings.HasPrefix(got[0], wrong) {
				t.Errorf("got %q, want one that begins with %s", got, wrong)
			}
		})
	}
}
