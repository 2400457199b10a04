"""The judge as a service over HTTP: `coderefine serve`, and a client. Needs `coderefine[serve]` (docs/serve.md)."""
