package settings_test

import (
	"testing"

	"inferenceconnector/handler/settings"
)

const publicFile = `{"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"x","key":"` + keyA + `"}]}}}`

func TestPublicURL(t *testing.T) {
	for name, test := range map[string]struct {
		host        settings.Host
		environment []string
		want        string // "" for none
	}{
		"standalone":             {settings.Standalone, []string{"WEBSITE_HOSTNAME=app.azurewebsites.net"}, ""},
		"standalone, set":        {settings.Standalone, []string{"CONNECTOR_PUBLIC_URL=http://127.0.0.1:8080"}, "http://127.0.0.1:8080"},
		"functions":              {settings.Functions, []string{"WEBSITE_HOSTNAME=app.azurewebsites.net"}, "https://app.azurewebsites.net/api"},
		"functions, set":         {settings.Functions, []string{"WEBSITE_HOSTNAME=app.azurewebsites.net", "CONNECTOR_PUBLIC_URL=https://api.example.net/"}, "https://api.example.net"},
		"functions, elsewhere":   {settings.Functions, nil, ""},
		"lambda":                 {settings.Lambda, []string{"WEBSITE_HOSTNAME=app.azurewebsites.net"}, ""},
		"lambda, set":            {settings.Lambda, []string{"CONNECTOR_PUBLIC_URL=https://x.lambda-url.eu-west-1.on.aws"}, "https://x.lambda-url.eu-west-1.on.aws"},
		"slashes at the end":     {settings.Lambda, []string{"CONNECTOR_PUBLIC_URL=https://api.example.net/team//"}, "https://api.example.net/team"},
		"escapes stay":           {settings.Lambda, []string{"CONNECTOR_PUBLIC_URL=https://api.example.net/a%2Fb"}, "https://api.example.net/a%2Fb"},
		"a port and a long path": {settings.Lambda, []string{"CONNECTOR_PUBLIC_URL=https://api.example.net:8443/a/b"}, "https://api.example.net:8443/a/b"},
	} {
		t.Run(name, func(t *testing.T) {
			_ = mustLoad(t, publicFile, append(test.environment, "CONNECTOR_RATE_LIMIT_SCOPE=process")...)
			got := ""
			if u := mustLoadFor(t, test.host).Public; u != nil {
				got = u.String()
			}
			equal(t, "address", got, test.want)
		})
	}
}

func TestPublicURLMistakes(t *testing.T) {
	for _, text := range []string{
		"app.example.net", "/api", "ftp://app.example.net", "https://", "https://:8443", "https://user@app.example.net", "https://app.example.net?code=1",
		"https://app.example.net#a", "https://app example.net", "https://app.example.net/%zz", "https://[::1",
	} {
		_, err := load(t, publicFile, "CONNECTOR_PUBLIC_URL="+text)
		problems, _ := err.(settings.Problems)
		equalList(t, text, problems, []string{
			"CONNECTOR_PUBLIC_URL must be an address such as https://contoso-inference.azurewebsites.net/api, with no query in it",
		})
	}
}
