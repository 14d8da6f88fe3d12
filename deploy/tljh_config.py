# For The Littlest JupyterHub: copy to /opt/tljh/config/jupyterhub_config.d/leverage_lab.py, put your account for OWNER,
# then `sudo tljh-config reload`.

c = get_config()  # noqa: F821  JupyterHub gives it

# Who logs in without the class's link gets the course all the same, and chapter 0.
c.Spawner.default_url = (
    "/git-pull?repo=https%3A%2F%2Fgithub.com%2FOWNER%2Fleverage-lab&branch=main&depth=1"
    "&urlpath=lab%2Ftree%2Fleverage-lab%2Fnotebooks%2F00-start-here.ipynb"
)

# All click within a minute: a start then takes longer than the hub's usual patience, and is no failure.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 120
