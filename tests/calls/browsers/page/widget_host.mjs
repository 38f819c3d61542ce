window.ok=1
