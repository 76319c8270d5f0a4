package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

func definitionFlags(flags *pflag.FlagSet) func(context.Context, []string) error {
	target := flags.String("target", string(schema.PowerPlatform), "who imports it: power-platform or logic-apps")
	auth := flags.String("auth", "keys", "keys: the key of a connection is a caller key of the app; platform: it is a key of the function app")
	brought := flags.Bool("brought", false, "for a brought connection: whoever makes a connection brings a model endpoint and its key")
	address := flags.String("url", "", "address of the app, such as https://contoso-inference.azurewebsites.net/api; with /connections/NAME for one of several connections. Power Platform needs none, but for --brought")
	out := flags.String("out", "", "folder to write to")
	var by schema.Publisher
	flags.StringVar(&by.Name, "publisher", "", "who answers for the connector")
	flags.StringVar(&by.Website, "website", "", "their website")
	flags.StringVar(&by.PrivacyPolicy, "privacy", "", "address of their privacy policy")
	flags.StringVar(&by.Email, "email", "", "where they are reached")
	return func(context.Context, []string) error {
		d := schema.Definition{Target: schema.Target(*target), Platform: *auth == "platform", Brought: *brought, Publisher: by}
		switch {
		case !slices.Contains(schema.Targets, d.Target):
			return errors.New("--target must be power-platform or logic-apps")
		case *auth != "keys" && *auth != "platform":
			return errors.New("--auth must be keys or platform")
		case d.Brought && d.Platform:
			return errors.New("--brought takes --auth keys: the key that is brought is that of the model endpoint")
		case *out == "":
			return errors.New("--out is missing; name the folder to write to")
		case *address == "" && (d.Target == schema.LogicApps || d.Brought):
			return errors.New("--url is missing; this definition names the app, such as https://contoso-inference.azurewebsites.net/api")
		}
		if *address != "" {
			var err error
			if d.URL, err = settings.ParsePublicURL(*address); err != nil {
				return fmt.Errorf("--url %w", err)
			}
		}
		return writeDefinition(d, *out)
	}
}

// writeDefinition writes the files of a connector, and says which.
func writeDefinition(d schema.Definition, folder string) error {
	actions, err := schema.Load()
	if err != nil {
		return err
	}
	picture, err := icon()
	if err != nil {
		return err
	}
	type file struct {
		name string
		text []byte
	}
	files := []file{{"apiDefinition.swagger.json", d.Swagger(actions)}, {"icon.png", picture}, {"readme.md", d.Readme(actions)}}
	if d.Target == schema.PowerPlatform {
		files = append(files, file{"apiProperties.json", d.Properties()})
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		path, did := filepath.Join(folder, f.name), "written"
		if _, err := os.Lstat(path); err == nil {
			did = "written anew"
		}
		if err := os.WriteFile(path, f.text, 0o644); err != nil {
			return err
		}
		fmt.Printf("%s (%s)\n", path, did)
	}
	return nil
}
